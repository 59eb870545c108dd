"""Aggregates from one entity's state: the serving side of `history`, equal to it bit by bit."""

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from mlops_platform.features.aggregates import (
    BURST_DAYS,
    NEVER,
    STREAK_DAYS,
    WINDOW_DAYS,
    EntityKind,
    event_cut,
    label_day,
)
from mlops_platform.features.clock import HOUR_SECONDS, day_of
from mlops_platform.features.state import EntityState, RecentEvent

_LONGEST_DAYS: Final = max(WINDOW_DAYS)
# For each age in days the place of the shortest window that reaches so far back: a day is added to
# that one alone, and each longer window is the running sum.
_SHORTEST_WINDOW: Final = [bisect_right(WINDOW_DAYS, age) for age in range(_LONGEST_DAYS)]


def aggregates_at(state: EntityState, timestamp: int) -> list[int]:
    """Return the entity's `Aggregate` row as it may be seen at an epoch second."""
    cut = event_cut(timestamp, state.kind)
    seen_labels_before = label_day(timestamp)
    visible = [event for event in state.recent if event.timestamp <= cut]
    hidden = state.recent[len(visible) :]
    events = _event_sums(state, cut, hidden)
    labels = _label_counts(state, seen_labels_before)
    n_hour = sum(event.timestamp > cut - HOUR_SECONDS for event in visible)
    first = state.first_timestamp if state.first_timestamp <= cut else NEVER
    last = visible[-1].timestamp if visible else state.forgotten_timestamp
    last = last if state.kind is EntityKind.USER and last <= cut else NEVER
    burst = _burst(state, seen_labels_before)
    streak = _streak(state, seen_labels_before)
    return [n_hour, *events, first, last, *labels, *burst, *streak]


def _event_sums(state: EntityState, cut: int, hidden: list[RecentEvent]) -> list[int]:
    """Return counts, sums and squares over the windows and the whole life up to `cut`."""
    today = day_of(cut)
    # Of the cut's own day the bucket also holds what the lag still hides.
    unseen = [event.amount for event in hidden if day_of(event.timestamp) == today]
    n_unseen, amount_unseen = len(unseen), sum(unseen)
    squares_unseen = sum(each * each for each in unseen)
    n, amount, squares = _zeros(), _zeros(), _zeros()
    n[0], amount[0], squares[0] = -n_unseen, -amount_unseen, -squares_unseen
    n_all = state.total.n - n_unseen
    amount_all = state.total.amount - amount_unseen
    squares_all = state.total.squares - squares_unseen
    for day, bucket in state.days.items():
        age = today - day
        if age < 0:
            n_all -= bucket.n
            amount_all -= bucket.amount
            squares_all -= bucket.squares
        elif age < _LONGEST_DAYS and bucket.n:
            window = _SHORTEST_WINDOW[age]
            n[window] += bucket.n
            amount[window] += bucket.amount
            squares[window] += bucket.squares
    return [
        *accumulate(n),
        n_all,
        *accumulate(amount),
        amount_all,
        *accumulate(squares),
        squares_all,
    ]


def _zeros() -> list[int]:
    return [0] * len(WINDOW_DAYS)


def _label_counts(state: EntityState, before_day: int) -> list[int]:
    """Return labels and frauds known in the windows that end with the day before `before_day`."""
    labels, frauds = _zeros(), _zeros()
    labels_all, frauds_all = state.total.labels, state.total.frauds
    for day, bucket in state.days.items():
        if not bucket.labels:
            continue
        age = before_day - 1 - day
        if age < 0:
            labels_all -= bucket.labels
            frauds_all -= bucket.frauds
        elif age < _LONGEST_DAYS:
            window = _SHORTEST_WINDOW[age]
            labels[window] += bucket.labels
            frauds[window] += bucket.frauds
    return [*accumulate(labels), labels_all, *accumulate(frauds), frauds_all]


def _burst(state: EntityState, before_day: int) -> tuple[int, int]:
    """Return the first and last day, in the burst window, with a fraud known by then."""
    days = [
        day
        for day, bucket in state.days.items()
        # First what rules most days out: few have a fraud.
        if NEVER != bucket.fraud_known_day < before_day
        and before_day - BURST_DAYS <= day < before_day
    ]
    return (min(days), max(days)) if days else (NEVER, NEVER)


def _streak(state: EntityState, before_day: int) -> tuple[int, int]:
    """Return how many frauds became known since the last honest label, and from which day on."""
    labelled = {
        day: bucket
        for day, bucket in state.days.items()
        if bucket.labels and before_day - STREAK_DAYS <= day < before_day
    }
    honest = [day for day, bucket in labelled.items() if bucket.frauds < bucket.labels]
    last_honest = max(honest, default=NEVER)
    streak = [day for day in labelled if day > last_honest]
    n_frauds = sum(labelled[day].frauds for day in streak)
    return n_frauds, min(streak, default=NEVER)
