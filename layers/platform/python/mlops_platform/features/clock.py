"""Time as features count it: whole seconds since 1970 and UTC days."""

from datetime import UTC, datetime
from typing import Final

from mlops_platform.moments import parse_moment

HOUR_SECONDS: Final = 3_600
DAY_SECONDS: Final = 86_400


def parse_instant(text: str) -> int:
    """Return the epoch second of an ISO 8601 time; one without an offset is taken as UTC.

    Raises
    ------
    ValueError
        `text` is not an ISO 8601 time, or in UTC it lies outside the years 1 to 9999.

    Examples
    --------
    >>> parse_instant("2026-03-01T00:00:00Z")
    1772323200
    """
    # Floor, as the vectorised reader does: fractions of a second never count.
    return int(parse_moment(text).timestamp() // 1)


def format_instant(seconds: int) -> str:
    """Return an epoch second as ISO 8601 in UTC.

    Examples
    --------
    >>> format_instant(1772323200)
    '2026-03-01T00:00:00Z'
    """
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat() + "Z"


def day_of(seconds: int) -> int:
    """Return the UTC day, counted from 1970-01-01, that a second lies in."""
    return seconds // DAY_SECONDS
