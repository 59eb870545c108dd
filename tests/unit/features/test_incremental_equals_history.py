import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_platform.features.aggregates import EVENT_LAG_SECONDS, NEVER, EntityKind
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.history import EntityHistory
from mlops_platform.features.incremental import aggregates_at
from mlops_platform.features.merging import merge
from mlops_platform.features.packing import from_bytes, to_bytes
from mlops_platform.features.snapshot import pack_states
from mlops_platform.features.state import KEEP_DAYS, EntityState
from tests.unit.features.feature_worlds import (
    START,
    Purchase,
    events_of,
    fold_until,
    labels_of,
    purchases,
)

KINDS = pytest.mark.parametrize("kind", list(EntityKind))


def history_row(kind: EntityKind, rows: list[Purchase], entity: int, moment: int) -> list[int]:
    history = EntityHistory(kind, events_of(rows), labels_of(rows))
    answer = history.aggregates_at(np.array([entity]), np.array([moment]))
    return [int(value) for value in answer[0]]


@KINDS
@settings(max_examples=60)
@given(rows=purchases, data=st.data())
def test_states_and_tables_give_the_same_aggregates_in_any_order_of_arrival(
    kind: EntityKind, rows: list[Purchase], data: st.DataObject
) -> None:
    moment = max(row.timestamp for row in rows) + data.draw(st.integers(0, 90_000))
    order = data.draw(st.permutations(range(len(rows))))
    states = fold_until(kind, rows, moment, order)
    for entity in range(3):
        assert aggregates_at(states[entity], moment) == history_row(kind, rows, entity, moment)


@KINDS
@settings(max_examples=40)
@given(rows=purchases, late=st.integers(0, EVENT_LAG_SECONDS))
def test_what_arrives_within_the_lag_changes_nothing(
    kind: EntityKind, rows: list[Purchase], late: int
) -> None:
    moment = max(row.timestamp for row in rows) + late
    in_order = list(range(len(rows)))
    everything = fold_until(kind, rows, moment, in_order)
    arrived = [row for row in rows if row.timestamp <= moment - EVENT_LAG_SECONDS]
    for entity in range(3):
        states = fold_until(kind, arrived, moment, list(range(len(arrived))))
        # Labels of what has not arrived cannot be known either: delays start at one second.
        expected = aggregates_at(states[entity], moment)
        assert aggregates_at(everything[entity], moment)[:15] == expected[:15]


@settings(max_examples=40)
@given(rows=purchases)
def test_a_users_transaction_that_is_delivered_again_counts_once(rows: list[Purchase]) -> None:
    newest = max(row.timestamp for row in rows)
    recent = [row for row in rows if row.timestamp > newest - DAY_SECONDS]
    states = fold_until(EntityKind.USER, recent, newest + 1, list(range(len(recent))))
    packed = [to_bytes(state) for state in states]
    for row in recent:
        assert not states[row.entity].fold(row.timestamp, row.amount, row.number)
    assert [to_bytes(state) for state in states] == packed


@KINDS
@settings(max_examples=60)
@given(rows=purchases, data=st.data())
def test_the_snapshot_of_tables_has_the_bytes_of_folding_the_same_rows(
    kind: EntityKind, rows: list[Purchase], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    states = fold_until(kind, rows, 10**12, order)
    numbers = np.array([row.number for row in rows], dtype=np.uint64)
    packed = list(pack_states(kind, 3, events_of(rows), labels_of(rows), numbers))
    assert packed == [to_bytes(state) for state in states]
    assert [to_bytes(from_bytes(state)) for state in packed] == packed


@KINDS
@settings(max_examples=60)
@given(rows=purchases, boundary=st.integers(20, 60))
def test_snapshot_and_live_state_merge_to_the_state_that_saw_everything(
    kind: EntityKind, rows: list[Purchase], boundary: int
) -> None:
    # A snapshot is exact for as long as the live state remembers the days since.
    newest_day = max(row.timestamp - START for row in rows) // DAY_SECONDS
    as_of = START + max(boundary, newest_day - KEEP_DAYS + 1) * DAY_SECONDS
    moment = max(as_of, *(row.timestamp for row in rows)) + 1
    order = list(range(len(rows)))
    snapshots = fold_until(kind, rows, as_of, order)
    everything = fold_until(kind, rows, moment, order)
    live = [folded_since(kind, rows, entity, as_of, moment) for entity in range(3)]
    for entity in range(3):
        merged = merge(snapshots[entity], live[entity], as_of)
        assert aggregates_at(merged, moment) == aggregates_at(everything[entity], moment)
        assert to_bytes(merge(snapshots[entity], merged, as_of)) == to_bytes(merged)


def folded_since(
    kind: EntityKind, rows: list[Purchase], entity: int, as_of: int, moment: int
) -> EntityState:
    state = EntityState(kind)
    for row in rows:
        if row.entity != entity:
            continue
        if as_of <= row.timestamp < moment:
            state.fold(row.timestamp, row.amount, row.number)
        if row.known is not None and as_of <= row.known < moment:
            state.fold_label(row.timestamp, row.known, is_fraud=row.is_fraud)
    return state


@KINDS
def test_nobody_and_a_stranger_have_no_past_in_tables_either(kind: EntityKind) -> None:
    rows = [Purchase(0, 0, START, 500, 60, is_fraud=True)]
    moment = START + 3 * DAY_SECONDS
    nothing = aggregates_at(fold_until(kind, [], 0, [])[0], moment)
    assert history_row(kind, rows, NEVER, moment) == nothing
    assert history_row(kind, rows, 2, moment) == nothing
    empty = EntityHistory(kind, events_of([]), labels_of([]))
    assert empty.aggregates_at(np.array([0]), np.array([moment])).tolist() == [nothing]
