"""One state from the nightly snapshot and what was served since."""

from dataclasses import replace

from mlops_platform.features.aggregates import NEVER
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.state import KEEP_DAYS, DayBucket, EntityState


def merge(snapshot: EntityState, live: EntityState, as_of: int) -> EntityState:
    """Return a new state: days before `as_of` from the snapshot, the rest from the live state.

    The snapshot was built from the tables, which know late labels and what serving lost; the live
    state knows what happened since. Exact while the live state's newest event is less than
    `KEEP_DAYS` younger than the snapshot; after that the live state has forgotten on which side of
    `as_of` its oldest events lie, and they are missing from the totals until the next snapshot.

    Parameters
    ----------
    snapshot, live
        States of the same entity; neither is changed.
    as_of
        Start of a UTC day, epoch seconds: the snapshot holds what happened before it.

    Raises
    ------
    ValueError
        `as_of` is not the start of a day, or the kinds differ.
    """
    if as_of % DAY_SECONDS or snapshot.kind is not live.kind:
        raise ValueError("Merge states of one entity at the start of a UTC day.")
    boundary = as_of // DAY_SECONDS
    total, days = replace(snapshot.total), {d: replace(b) for d, b in snapshot.days.items()}
    for day, bucket in live.days.items():
        if day >= boundary:
            days[day] = replace(bucket)
            _add(total, bucket)
        elif bucket.fraud_known_day >= boundary:
            # A fraud of an earlier day that became known after the snapshot.
            _remember_fraud(days.setdefault(day, DayBucket()), bucket.fraud_known_day)
    merged = EntityState(snapshot.kind, total, days)
    _merge_times(merged, snapshot, live, as_of)
    return merged


def _add(total: DayBucket, bucket: DayBucket) -> None:
    total.n += bucket.n
    total.amount += bucket.amount
    total.squares += bucket.squares
    total.labels += bucket.labels
    total.frauds += bucket.frauds


def _remember_fraud(bucket: DayBucket, known_day: int) -> None:
    if bucket.fraud_known_day == NEVER or known_day < bucket.fraud_known_day:
        bucket.fraud_known_day = known_day


def _merge_times(merged: EntityState, snapshot: EntityState, live: EntityState, as_of: int) -> None:
    """Fill in the recent events and the first, forgotten and newest moments."""
    firsts = [s.first_timestamp for s in (snapshot, live) if s.first_timestamp != NEVER]
    merged.first_timestamp = min(firsts, default=NEVER)
    merged.forgotten_timestamp = snapshot.forgotten_timestamp
    if live.forgotten_timestamp >= as_of:
        merged.forgotten_timestamp = live.forgotten_timestamp
    since = [event for event in live.recent if event.timestamp >= as_of]
    merged.recent = snapshot.recent + since
    merged.forget_recent()
    newest = live.newest_timestamp if live.newest_timestamp >= as_of else NEVER
    merged.newest_timestamp = max(snapshot.newest_timestamp, newest)
    oldest = merged.newest_timestamp // DAY_SECONDS - KEEP_DAYS
    merged.days = {day: bucket for day, bucket in merged.days.items() if day > oldest}
