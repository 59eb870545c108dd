"""Aggregates from one entity's state: the serving side of `history`, equal to it bit by bit."""

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
from mlops_platform.features.state import DayBucket, EntityState, RecentEvent


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
    n, amount, squares = _zeros(), _zeros(), _zeros()
    later = DayBucket()
    for day, bucket in state.days.items():
        age = today - day
        if age < 0:
            later.n += bucket.n
            later.amount += bucket.amount
            later.squares += bucket.squares
        for index, window in enumerate(WINDOW_DAYS):
            if 0 <= age < window:
                n[index] += bucket.n
                amount[index] += bucket.amount
                squares[index] += bucket.squares
    # Of the cut's own day the bucket also holds what the lag still hides.
    same_day = [event for event in hidden if day_of(event.timestamp) == today]
    hidden_n = len(same_day)
    hidden_amount = sum(event.amount for event in same_day)
    hidden_squares = sum(event.amount * event.amount for event in same_day)
    return [
        *(value - hidden_n for value in n),
        state.total.n - later.n - hidden_n,
        *(value - hidden_amount for value in amount),
        state.total.amount - later.amount - hidden_amount,
        *(value - hidden_squares for value in squares),
        state.total.squares - later.squares - hidden_squares,
    ]


def _zeros() -> list[int]:
    return [0] * len(WINDOW_DAYS)


def _label_counts(state: EntityState, before_day: int) -> list[int]:
    """Return labels and frauds known in the windows that end with the day before `before_day`."""
    labels, frauds = _zeros(), _zeros()
    later_labels = later_frauds = 0
    for day, bucket in state.days.items():
        age = before_day - day
        if age <= 0:
            later_labels += bucket.labels
            later_frauds += bucket.frauds
        for index, window in enumerate(WINDOW_DAYS):
            if 1 <= age <= window:
                labels[index] += bucket.labels
                frauds[index] += bucket.frauds
    return [
        *labels,
        state.total.labels - later_labels,
        *frauds,
        state.total.frauds - later_frauds,
    ]


def _burst(state: EntityState, before_day: int) -> tuple[int, int]:
    """Return the first and last day, in the burst window, with a fraud known by then."""
    days = [
        day
        for day, bucket in state.days.items()
        if before_day - BURST_DAYS <= day < before_day
        and NEVER != bucket.fraud_known_day < before_day
    ]
    return (min(days), max(days)) if days else (NEVER, NEVER)


def _streak(state: EntityState, before_day: int) -> tuple[int, int]:
    """Return how many frauds became known since the last honest label, and from which day on."""
    labelled = {
        day: bucket
        for day, bucket in state.days.items()
        if before_day - STREAK_DAYS <= day < before_day and bucket.labels
    }
    honest = [day for day, bucket in labelled.items() if bucket.frauds < bucket.labels]
    last_honest = max(honest, default=NEVER)
    streak = [day for day in labelled if day > last_honest]
    n_frauds = sum(labelled[day].frauds for day in streak)
    return n_frauds, min(streak, default=NEVER)
