"""Names for predictions that sort by time and say which version answered."""

import secrets
import time

_VARIANT = 0b10 << 62


def time_ordered_uuid() -> str:
    """Return a new UUID of version 7, in its usual spelling.

    The 12 bits after the milliseconds hold the fraction of the millisecond, so that the rows of
    one batch sort in their order, too.

    References
    ----------
    .. [1] RFC 9562, section 5.7 (UUID version 7) and section 6.2, method 3.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    chance = _VARIANT | secrets.randbits(62)
    return (
        f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7{fraction:03x}-"
        f"{chance >> 48:04x}-{chance & 0xFFFF_FFFF_FFFF:012x}"
    )


def prediction_id(uuid: str, model_name: str, model_version: str) -> str:
    """Return ``<uuid>.<model_name>.<model_version>``; only the version may hold further dots.

    Examples
    --------
    >>> prediction_id("0190", "fraud_detection", "1.0.0").split(".", 2)
    ['0190', 'fraud_detection', '1.0.0']
    """
    return f"{uuid}.{model_name}.{model_version}"
