"""Schedule expressions: `rate(…)`, `cron(…)` and `at(…)`, as instants."""

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from local_cloud.events.cron import CronError, parse

_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}


def due_times(
    expression: str,
    *,
    anchor: dt.datetime,
    after: dt.datetime,
    until: dt.datetime,
    zone: str = "UTC",
) -> Iterator[dt.datetime]:
    """Yield, in order, when a schedule is due in `(after, until]`.

    Parameters
    ----------
    expression
        As the rule or schedule holds it.
    anchor
        When the schedule was made: rates count from there.
    zone
        IANA name of the zone that cron and at are read in.

    Yields
    ------
    datetime
        In UTC.

    Raises
    ------
    CronError
        When the expression is malformed.
    """
    kind, inside = _split(expression)
    if kind == "rate":
        yield from _rates(_interval(inside), anchor, after, until)
    elif kind == "at":
        due = dt.datetime.fromisoformat(inside).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        if after < due <= until:
            yield due
    else:
        cron = parse(inside)
        due_or_none = cron.after(after.astimezone(ZoneInfo(zone)))
        while due_or_none is not None and due_or_none <= until:
            yield due_or_none.astimezone(dt.UTC)
            due_or_none = cron.after(due_or_none)


def _split(expression: str) -> tuple[str, str]:
    match = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression.strip())
    if match is None:
        raise CronError(f"'{expression}' is neither rate(…), cron(…) nor at(…).")
    return match[1], match[2].strip()


def _interval(inside: str) -> dt.timedelta:
    match = re.fullmatch(r"(\d+)\s+(minute|hour|day)s?", inside)
    if match is None or int(match[1]) < 1:
        raise CronError(f"rate({inside}) is not a positive number of minutes, hours or days.")
    return dt.timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _rates(
    interval: dt.timedelta, anchor: dt.datetime, after: dt.datetime, until: dt.datetime
) -> Iterator[dt.datetime]:
    passed = max(0, (after - anchor) // interval)
    due = anchor + interval * (passed + 1)
    while due <= until:
        if due > after:
            yield due
        due += interval
