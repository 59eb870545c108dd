"""Moments as people, files and requests write them: ISO 8601, in UTC unless they say otherwise."""

from datetime import UTC, datetime


def parse_moment(text: str) -> datetime:
    """Return the moment of an ISO 8601 text, in UTC; without an offset it is taken as UTC.

    Raises
    ------
    ValueError
        `text` is not an ISO 8601 time, or in UTC it lies outside the years 1 to 9999.

    Examples
    --------
    >>> parse_moment("2026-03-01T01:30:00+01:00").isoformat()
    '2026-03-01T00:30:00+00:00'
    >>> parse_moment("2026-03-01").isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    return as_utc(datetime.fromisoformat(text))


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; without a time zone it is taken as UTC, wherever this runs.

    Raises
    ------
    ValueError
        In UTC it lies outside the years 1 to 9999.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment} lies outside the years 1 to 9999 in UTC") from error
