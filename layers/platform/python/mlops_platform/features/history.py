"""Aggregates of many moments at once from whole tables: the training side of `incremental`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.aggregates import (
    BURST_DAYS,
    EVENT_LAG_SECONDS,
    LABEL_LAG_SECONDS,
    N_AGGREGATES,
    NEVER,
    STREAK_DAYS,
    WINDOW_DAYS,
    Aggregate,
    EntityKind,
)
from mlops_platform.features.clock import DAY_SECONDS, HOUR_SECONDS
from mlops_platform.features.sorted_sums import SortedSums

Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Events:
    """Transactions as columns of shape (n,): entity code ≥ 0, epoch second, minor units."""

    entity: Int64s
    timestamp: Int64s
    amount: Int64s


@dataclass(frozen=True)
class Labels:
    """Labels as columns of shape (n,): entity code, both epoch seconds, and 0 or 1."""

    entity: Int64s
    timestamp: Int64s
    known_timestamp: Int64s
    is_fraud: Int64s


class EntityHistory:
    """All that ever happened to the entities of one kind, ready to be asked.

    Parameters
    ----------
    kind
        Users see their events up to a minute ago, merchants those of complete days.
    events, labels
        In any order. A label's entity is its transaction's.
    """

    def __init__(self, kind: EntityKind, events: Events, labels: Labels) -> None:
        self.kind = kind
        squares = events.amount * events.amount
        self._events = SortedSums(events.entity, events.timestamp, events.amount, squares)
        self._labels = SortedSums(
            labels.entity, labels.known_timestamp // DAY_SECONDS, labels.is_fraud
        )
        self._bursts = _BurstDays(labels)
        self._streaks = _Streaks(labels)

    def aggregates_at(self, entity: Int64s, timestamp: Int64s) -> Int64s:
        """Return rows of shape (n, N_AGGREGATES) for entity codes (`NEVER` is nobody) and times."""
        # Binary searches in key order walk the tables once and stay in the cache: 10 times faster.
        order = np.lexsort((timestamp, entity))
        out = np.empty((len(entity), N_AGGREGATES), dtype=np.int64)
        out[order] = self._sorted_aggregates(entity[order], timestamp[order])
        return out

    def _sorted_aggregates(self, entity: Int64s, timestamp: Int64s) -> Int64s:
        out = np.zeros((len(entity), N_AGGREGATES), dtype=np.int64)
        visible = timestamp - EVENT_LAG_SECONDS
        is_user = self.kind is EntityKind.USER
        cut = visible if is_user else visible // DAY_SECONDS * DAY_SECONDS - 1
        self._fill_events(out, entity, cut)
        before_day = (timestamp - LABEL_LAG_SECONDS) // DAY_SECONDS
        self._fill_labels(out, entity, before_day)
        first, last = self._bursts.known_before(entity, before_day)
        out[:, Aggregate.BURST_FIRST_DAY] = first
        out[:, Aggregate.BURST_LAST_DAY] = last
        n_frauds, first = self._streaks.known_before(entity, before_day)
        out[:, Aggregate.STREAK_FRAUDS] = n_frauds
        out[:, Aggregate.STREAK_FIRST_DAY] = first
        return out

    def _fill_events(self, out: Int64s, entity: Int64s, cut: Int64s) -> None:
        begin = self._events.begin(entity)
        end = self._events.position(entity, cut)
        today = cut // DAY_SECONDS
        # Starts of the windows of days, then of the entity's life.
        starts = [
            self._events.position(entity, (today - window + 1) * DAY_SECONDS - 1)
            for window in WINDOW_DAYS
        ]
        for column, start in enumerate([*starts, begin]):
            out[:, Aggregate.N_1 + column] = end - start
            out[:, Aggregate.SUM_1 + column] = self._events.sum_between(0, start, end)
            out[:, Aggregate.SQUARES_1 + column] = self._events.sum_between(1, start, end)
        out[:, Aggregate.FIRST] = np.where(end > begin, self._events.order_at(begin), NEVER)
        out[:, Aggregate.LAST] = NEVER
        if self.kind is EntityKind.USER:
            hour_ago = self._events.position(entity, cut - HOUR_SECONDS)
            out[:, Aggregate.N_HOUR] = end - hour_ago
            out[:, Aggregate.LAST] = np.where(end > begin, self._events.order_at(end - 1), NEVER)

    def _fill_labels(self, out: Int64s, entity: Int64s, before_day: Int64s) -> None:
        begin = self._labels.begin(entity)
        end = self._labels.position(entity, before_day - 1)
        starts = [self._labels.position(entity, before_day - w - 1) for w in WINDOW_DAYS]
        for column, start in enumerate([*starts, begin]):
            out[:, Aggregate.LABELS_1 + column] = end - start
            out[:, Aggregate.FRAUDS_1 + column] = self._labels.sum_between(0, start, end)


class _BurstDays:
    """Each known fraud, spread over the days on which it is a recent known fraud."""

    def __init__(self, labels: Labels) -> None:
        fraud = labels.is_fraud == 1
        happened = labels.timestamp[fraud] // DAY_SECONDS
        known = labels.known_timestamp[fraud] // DAY_SECONDS
        # Asked on day q, a fraud counts if known < q and happened within [q - BURST_DAYS, q).
        first_asked = np.maximum(known, happened) + 1
        n_days = np.maximum(happened + BURST_DAYS - first_asked + 1, 0)
        offset = np.arange(n_days.sum()) - np.repeat(np.cumsum(n_days) - n_days, n_days)
        asked = np.repeat(first_asked, n_days) + offset
        self._sums = SortedSums(
            np.repeat(labels.entity[fraud], n_days), asked, tie=np.repeat(happened, n_days)
        )

    def known_before(self, entity: Int64s, day: Int64s) -> tuple[Int64s, Int64s]:
        """Return the first and last fraud day for each question, `NEVER` where there is none."""
        start = self._sums.position(entity, day - 1)
        end = self._sums.position(entity, day)
        some = end > start
        first = np.where(some, self._sums.tie_at(start), NEVER)
        last = np.where(some, self._sums.tie_at(end - 1), NEVER)
        return first, last


class _Streaks:
    """The days on which labels became known, and after which of them no honest one came."""

    def __init__(self, labels: Labels) -> None:
        known = labels.known_timestamp // DAY_SECONDS
        order = np.lexsort((known, labels.entity))
        entity, known = labels.entity[order], known[order]
        starts = np.ones(len(order), dtype=bool)
        starts[1:] = (entity[1:] != entity[:-1]) | (known[1:] != known[:-1])
        first = np.flatnonzero(starts)
        frauds = np.add.reduceat(labels.is_fraud[order], first) if len(first) else known[:0]
        n_labels = np.diff(np.append(first, len(order)))
        self._sums = SortedSums(entity[first], known[first], frauds)
        # How many days lie at or before the last one with an honest label, whosever it was: a
        # question's own days begin later than another entity's.
        places = np.arange(1, len(first) + 1)
        honest = np.where(frauds < n_labels, places, 0)
        self._after_honest = np.concatenate(([0], np.maximum.accumulate(honest)))

    def known_before(self, entity: Int64s, day: Int64s) -> tuple[Int64s, Int64s]:
        """Return the frauds of the streak and its first day, `NEVER` where there is none."""
        end = self._sums.position(entity, day - 1)
        start = self._sums.position(entity, day - STREAK_DAYS - 1)
        start = np.maximum(start, self._after_honest[end])
        first = np.where(end > start, self._sums.order_at(start), NEVER)
        return self._sums.sum_between(0, start, end), first
