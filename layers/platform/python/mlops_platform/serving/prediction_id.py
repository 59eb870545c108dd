"""Names for predictions that sort by time and say which version answered."""

import secrets
import time

_VERSION_7 = 0x7 << 76
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
    number = milliseconds << 80 | _VERSION_7 | fraction << 64 | _VARIANT | secrets.randbits(62)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def prediction_id(uuid: str, model_name: str, model_version: str) -> str:
    """Return ``<uuid>.<model_name>.<model_version>``; only the version may hold further dots.

    Examples
    --------
    >>> prediction_id("0190", "fraud_detection", "1.0.0").split(".", 2)
    ['0190', 'fraud_detection', '1.0.0']
    """
    return f"{uuid}.{model_name}.{model_version}"
