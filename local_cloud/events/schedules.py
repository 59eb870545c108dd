"""Schedules fire when the cloud's clock passes their due times, whoever moves it."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from local_cloud.clock import Clock, format_instant, parse_instant
from local_cloud.events.cron import CronError
from local_cloud.events.expressions import due_times
from local_cloud.events.scheduled import Scheduled

logger = logging.getLogger(__name__)

_TICK_SECONDS = 1.0

Firing = dict[str, str]


class Schedules:
    """Fires what is due, in order, each firing with its due time.

    Parameters
    ----------
    clock
        The cloud's clock.
    list_scheduled
        Returns the schedules that exist now.
    """

    def __init__(self, clock: Clock, list_scheduled: Callable[[], list[Scheduled]]) -> None:
        self._clock = clock
        self._list_scheduled = list_scheduled
        self._fired_until = clock.now()
        self._first_seen: dict[str, dt.datetime] = {}
        self._lock = threading.RLock()
        self._closed = threading.Event()

    def start(self) -> None:
        """Fire in real time, too, in a background thread."""
        threading.Thread(target=self._tick, name="schedules", daemon=True).start()

    def stop(self) -> None:
        """Fire no more."""
        self._closed.set()

    def catch_up(self, until: dt.datetime | None = None) -> list[Firing]:
        """Fire everything due up to `until` (by default now), earliest first; return what fired."""
        with self._lock:
            end = until or self._clock.now()
            due = sorted(
                ((at, each) for each in self._list_scheduled() for at in self._due(each, end)),
                key=lambda pair: (pair[0], pair[1].arn),
            )
            self._fired_until = max(self._fired_until, end)
            return [_fire(each, at) for at, each in due]

    def move(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /clock`: `{"now": ISO}` or `{"advance_seconds": n}`.

        Moving forwards fires what was due in between; moving backwards fires nothing, and what is
        passed again later fires again.
        """
        with self._lock:
            if "now" in request:
                instant = parse_instant(str(request["now"]))
            elif "advance_seconds" in request:
                step = dt.timedelta(seconds=float(request["advance_seconds"]))
                instant = self._clock.now() + step
            else:
                raise ValueError('Say {"now": ISO instant} or {"advance_seconds": number}.')
            fired = self.catch_up(instant)
            self._clock.set(instant)
            self._fired_until = instant
            return {"now": format_instant(instant), "fired": fired}

    def fire(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /schedules/fire`: `{"rule": part of a name, "at": ISO instant or none}`."""
        wanted = str(request.get("rule", ""))
        at = parse_instant(request["at"]) if request.get("at") else self._clock.now()
        chosen = [each for each in self._list_scheduled() if wanted and wanted in each.name]
        if not chosen:
            names = sorted(each.name for each in self._list_scheduled())
            raise ValueError(f"No enabled schedule's name contains '{wanted}'; there are {names}.")
        with self._lock:
            return {"fired": [_fire(each, at) for each in chosen]}

    def describe(self, _: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /clock`."""
        return {"now": format_instant(self._clock.now())}

    def _due(self, scheduled: Scheduled, until: dt.datetime) -> Iterator[dt.datetime]:
        anchor = self._first_seen.setdefault(scheduled.arn, self._fired_until)
        try:
            for at in due_times(
                scheduled.expression,
                anchor=anchor,
                after=self._fired_until,
                until=until,
                zone=scheduled.zone,
            ):
                if _within(at, scheduled.not_before, scheduled.not_after):
                    yield at
        except CronError:
            logger.exception("%s cannot fire", scheduled.name)

    def _tick(self) -> None:
        while not self._closed.wait(_TICK_SECONDS):
            try:
                self.catch_up()
            except Exception:
                logger.exception("Schedules could not be fired")


def _within(at: dt.datetime, start: dt.datetime | None, end: dt.datetime | None) -> bool:
    return (start is None or at >= start) and (end is None or at <= end)


def _fire(scheduled: Scheduled, at: dt.datetime) -> Firing:
    scheduled.fire(at)
    return {"name": scheduled.name, "time": format_instant(at)}
