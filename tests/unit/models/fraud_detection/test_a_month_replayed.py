"""A month of the world through both roads: whole tables, and one event at a time with its lag."""

import heapq
from collections.abc import Iterator

import numpy as np
import pytest

from mlops_platform.features.aggregates import EVENT_LAG_SECONDS, EntityKind
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.identity import entity_name, id_hash
from mlops_platform.features.incremental import aggregates_at
from mlops_platform.features.merging import merge
from mlops_platform.features.packing import from_bytes, to_bytes
from mlops_platform.features.state import EntityState
from mlops_platform.models.fraud_detection.dataset import NOT_KNOWN, FraudDataset
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES, feature_rows
from mlops_platform.models.fraud_detection.state_snapshot import entity_states
from tests.unit.models.fraud_detection.small_world import small_dataset

N_DAYS = 36
SNAPSHOT_AFTER_DAYS = 20


class OnlineStore:
    """States as serving keeps them: packed, folded as events arrive."""

    def __init__(self, dataset: FraudDataset) -> None:
        self.dataset = dataset
        self.states: dict[str, bytes] = {}

    def state(self, kind: EntityKind, row: int) -> EntityState:
        packed = self.states.get(self.name(kind, row))
        return EntityState(kind) if packed is None else from_bytes(packed)

    def name(self, kind: EntityKind, row: int) -> str:
        names = self.dataset.user_names if kind is EntityKind.USER else self.dataset.merchant_names
        return entity_name(kind, str(names[self.dataset.codes(kind)[row]]))

    def fold(self, row: int) -> None:
        for kind in EntityKind:
            state = self.state(kind, row)
            identifier = id_hash(str(self.dataset.transaction_id[row]))
            state.fold(
                int(self.dataset.timestamp[row]), int(self.dataset.amount_minor[row]), identifier
            )
            self.states[self.name(kind, row)] = to_bytes(state)

    def fold_label(self, row: int) -> None:
        for kind in EntityKind:
            state = self.state(kind, row)
            state.fold_label(
                int(self.dataset.timestamp[row]),
                int(self.dataset.known_timestamp[row]),
                is_fraud=bool(self.dataset.is_fraud[row]),
            )
            self.states[self.name(kind, row)] = to_bytes(state)

    def materialize(self, as_of: int) -> None:
        for name, packed in entity_states(self.dataset, as_of):
            snapshot = from_bytes(packed)
            live = self.states.get(name)
            live_state = EntityState(snapshot.kind) if live is None else from_bytes(live)
            self.states[name] = to_bytes(merge(snapshot, live_state, as_of))

    def features(self, row: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        moment = int(self.dataset.timestamp[row])
        user, merchant = (
            np.array([aggregates_at(self.state(kind, row), moment)], dtype=np.int64)
            for kind in (EntityKind.USER, EntityKind.MERCHANT)
        )
        amount = self.dataset.amount_minor[row : row + 1]
        return feature_rows(amount, self.dataset.timestamp[row : row + 1], user, merchant)


def arrivals(dataset: FraudDataset) -> Iterator[tuple[int, str, int]]:
    """Yield (moment, what, row): every transaction late by up to the lag, so also out of order."""
    random = np.random.default_rng(11)
    late = random.integers(0, EVENT_LAG_SECONDS, len(dataset))
    events = sorted(
        (int(at) + int(delay), "transaction", row)
        for row, (at, delay) in enumerate(zip(dataset.timestamp, late, strict=True))
    )
    labels = sorted(
        (int(known), "label", row)
        for row, known in enumerate(dataset.known_timestamp)
        if known != NOT_KNOWN
    )
    yield from heapq.merge(events, labels)


@pytest.mark.parametrize("materialize", [False, True], ids=["live only", "with a snapshot"])
def test_every_feature_of_every_transaction_is_the_same_bits_on_both_roads(
    materialize: bool,
) -> None:
    dataset = small_dataset(N_DAYS)
    expected = dataset.features()
    store = OnlineStore(dataset)
    as_of = int(dataset.timestamp[0]) // DAY_SECONDS * DAY_SECONDS
    as_of += SNAPSHOT_AFTER_DAYS * DAY_SECONDS
    waiting = arrivals(dataset)
    following = next(waiting, None)
    for row, moment in enumerate(dataset.timestamp):
        while following is not None and following[0] <= moment:
            store.fold(following[2]) if following[1] == "transaction" else store.fold_label(
                following[2]
            )
            following = next(waiting, None)
        if materialize and moment >= as_of + 3600:
            store.materialize(as_of)
            materialize = False
        different = np.flatnonzero(
            store.features(row)[0].view(np.uint32) != expected[row].view(np.uint32)
        )
        assert not len(different), [FEATURE_NAMES[index] for index in different]
