import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from mlops_platform.errors import FeatureConflictError, FeatureStateError
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import parse_instant
from mlops_platform.features.packing import from_bytes, to_bytes
from mlops_platform.features.state import EntityState
from mlops_platform.serving import feature_store, materialization
from mlops_platform.serving.feature_items import key_of
from mlops_platform.serving.feature_store import FeatureStore
from mlops_platform.serving.feature_table import FeatureTable
from mlops_platform.serving.materialization import Materialization
from mlops_platform.serving.served_transaction import ServedTransaction
from mlops_platform.serving.state_lookup import fetch_states
from tests.unit.serving.small_cloud import FEATURE_TABLE, SmallCloud

MIDNIGHT = parse_instant("2026-03-02T00:00:00Z")


class OneAtATime:
    """A client whose calls are each whole, as DynamoDB's are; moto's transactions are not."""

    def __init__(self, client: Any) -> None:
        self.exceptions = client.exceptions
        self._client, self._lock = client, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            with self._lock:
                return getattr(self._client, name)(**request)

        return call


def table_of(dynamodb: Any) -> FeatureTable:
    return FeatureTable(dynamodb=dynamodb, name=FEATURE_TABLE)


@pytest.fixture
def store(cloud: SmallCloud) -> FeatureStore:
    return FeatureStore(table=table_of(OneAtATime(cloud.dynamodb)))


def some_transactions(n: int = 60, day: int = MIDNIGHT) -> list[ServedTransaction]:
    """Return transactions of few users and merchants, so that they collide."""
    chance = Random(1)  # noqa: S311 - repeatable on purpose
    return [
        ServedTransaction(
            transaction_id=f"t{day}-{number}",
            user=f"user#{chance.randrange(7)}",
            merchant=f"merchant#{chance.randrange(3)}",
            timestamp=day + chance.randrange(3_600),
            amount_minor=chance.randrange(1, 100_000),
        )
        for number in range(n)
    ]


def shuffled(transactions: list[ServedTransaction], seed: int) -> list[ServedTransaction]:
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    return chance.sample(transactions, len(transactions))


def folded(transactions: Sequence[ServedTransaction]) -> dict[str, bytes]:
    """Return the states that folding each transaction once leads to."""
    states: dict[str, EntityState] = {}
    for t in transactions:
        for entity, kind in zip(t.entities, (EntityKind.USER, EntityKind.MERCHANT), strict=True):
            state = states.setdefault(entity, EntityState(kind))
            state.fold(t.timestamp, t.amount_minor, t.id_hash)
    return {entity: to_bytes(state) for entity, state in states.items()}


def stored(store: FeatureStore, entities: Sequence[str]) -> dict[str, bytes]:
    return fetch_states(store.table.dynamodb, store.table.name, 30.0, sorted(entities))


def test_each_transaction_reaches_its_user_and_its_merchant(store: FeatureStore) -> None:
    transactions = some_transactions()

    assert store.apply(transactions) == 60

    expected = folded(transactions)
    assert stored(store, list(expected)) == expected


def test_a_batch_that_comes_again_changes_nothing(store: FeatureStore) -> None:
    transactions = some_transactions()
    store.apply(transactions)

    assert store.apply(transactions) == 0
    assert store.apply([*transactions[:5], *transactions[:5]]) == 0

    expected = folded(transactions)
    assert stored(store, list(expected)) == expected


def test_order_and_batches_do_not_matter(store: FeatureStore) -> None:
    transactions = some_transactions()
    other = shuffled(transactions, seed=2)

    applied = [store.apply(other[:31]), store.apply(other[20:]), store.apply(other)]

    expected = folded(transactions)
    assert sum(applied) == 60
    assert stored(store, list(expected)) == expected


def test_writers_at_the_same_time_count_each_transaction_once(store: FeatureStore) -> None:
    transactions = some_transactions()
    orders = [shuffled(transactions, seed) for seed in range(2)]

    with ThreadPoolExecutor(2) as writers:
        applied = list(writers.map(store.apply, orders))

    expected = folded(transactions)
    assert sum(applied) == 60
    assert stored(store, list(expected)) == expected


def test_a_late_transaction_that_the_snapshot_knows_is_not_counted_again(
    store: FeatureStore,
) -> None:
    transactions = some_transactions()
    snapshot = folded(transactions)
    tomorrow = MIDNIGHT + 86_400
    Materialization(table=store.table, as_of=tomorrow).run(snapshot.items())

    store.apply(transactions[:10])

    assert stored(store, list(snapshot)) == snapshot


def test_a_transaction_of_nobody_known_counts_for_its_merchant(store: FeatureStore) -> None:
    anonymous = ServedTransaction("t", None, "merchant#1", MIDNIGHT, 500)

    applied = [store.apply([anonymous]), store.apply([anonymous])]

    expected = EntityState(EntityKind.MERCHANT)
    expected.fold(MIDNIGHT, 500, anonymous.id_hash)
    assert applied == [1, 0]
    assert stored(store, ["merchant#1"]) == {"merchant#1": to_bytes(expected)}


def test_markers_expire_after_eight_days(cloud: SmallCloud) -> None:
    store = FeatureStore(table=table_of(cloud.dynamodb), clock=lambda: 1_000.5)
    (transaction,) = some_transactions(1)
    store.apply([transaction])

    item = cloud.dynamodb.get_item(TableName=FEATURE_TABLE, Key=key_of(transaction.marker))["Item"]

    assert item["expires_at"]["N"] == str(1_000 + 8 * 86_400)


def test_a_writer_that_never_wins_says_so_and_writes_nothing(
    cloud: SmallCloud, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (transaction,) = some_transactions(1)
    monkeypatch.setattr(feature_store, "MAX_ATTEMPTS", 3)

    def overtake(*_: object) -> dict[str, Any]:
        cloud.dynamodb.put_item(
            TableName=FEATURE_TABLE,
            Item={**key_of(transaction.entities[0]), "version": {"N": "5"}, "state": {"B": b"x"}},
        )
        return {}

    monkeypatch.setattr(FeatureTable, "read", overtake)
    with pytest.raises(FeatureConflictError, match="3 times"):
        store.apply([transaction])

    key = key_of(transaction.marker)
    assert "Item" not in cloud.dynamodb.get_item(TableName=FEATURE_TABLE, Key=key)


def test_a_damaged_state_is_not_overwritten_by_a_transaction(
    cloud: SmallCloud, store: FeatureStore
) -> None:
    (transaction,) = some_transactions(1)
    damaged = {**key_of(transaction.entities[0]), "version": {"N": "5"}, "state": {"B": b"x"}}
    cloud.dynamodb.put_item(TableName=FEATURE_TABLE, Item=damaged)

    with pytest.raises(FeatureStateError):
        store.apply([transaction])


def test_a_snapshot_joins_what_was_served_since(store: FeatureStore) -> None:
    before, since = some_transactions(), some_transactions(day=MIDNIGHT + 86_400)
    store.apply([*before[:40], *since])  # serving lost some of the first day
    as_of = MIDNIGHT + 86_400
    run = Materialization(table=store.table, as_of=as_of)

    n_written = run.run(folded(before).items())

    expected = folded([*before, *since])
    assert n_written == len(expected)
    assert stored(store, list(expected)) == expected


def test_a_materialization_that_was_cut_goes_on_where_it_stood(store: FeatureStore) -> None:
    transactions = some_transactions()
    snapshot = list(folded(transactions).items())
    as_of = MIDNIGHT + 86_400
    run = Materialization(table=store.table, as_of=as_of)
    run.run(snapshot[:4])
    store.apply(some_transactions(day=as_of))

    assert run.run(snapshot) == len(snapshot) - 4
    assert run.run(snapshot) == 0

    older = Materialization(table=store.table, as_of=MIDNIGHT)
    assert older.run(snapshot) == 0


def test_a_second_snapshot_of_the_same_day_mends_the_first(store: FeatureStore) -> None:
    before, since = some_transactions(), some_transactions(day=MIDNIGHT + 86_400)
    run = Materialization(table=store.table, as_of=MIDNIGHT + 86_400)
    run.run(folded(before[:10]).items())
    store.apply(since)

    run.run(folded(before).items())

    expected = folded([*before, *since])
    assert stored(store, list(expected)) == expected


def test_a_materialization_replaces_a_state_that_cannot_be_read(
    cloud: SmallCloud, store: FeatureStore
) -> None:
    snapshot = folded(some_transactions())
    damaged = {**key_of("user#1"), "version": {"N": "5"}, "state": {"B": b"x"}}
    cloud.dynamodb.put_item(TableName=FEATURE_TABLE, Item=damaged)
    run = Materialization(table=store.table, as_of=MIDNIGHT + 86_400)

    run.run(snapshot.items())

    assert stored(store, list(snapshot)) == snapshot


def test_transactions_while_a_snapshot_is_merged_are_kept(store: FeatureStore) -> None:
    before, since = some_transactions(), some_transactions(day=MIDNIGHT + 86_400)
    run = Materialization(table=store.table, as_of=MIDNIGHT + 86_400)

    with ThreadPoolExecutor(2) as both:
        applying = both.submit(store.apply, since)
        run.run(folded(before).items())
        assert applying.result() == 60

    expected = folded([*before, *since])
    assert stored(store, list(expected)) == expected


def test_a_snapshot_gets_through_beside_one_entity_that_never_rests(
    store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = folded(some_transactions())
    run = Materialization(table=store.table, as_of=MIDNIGHT + 86_400)
    write = FeatureTable.write

    def write_unless_busy(table: FeatureTable, puts: Sequence[dict[str, Any]]) -> bool:
        busy = any(put["Item"]["entity"]["S"] == "merchant#1" for put in puts)
        return False if busy else write(table, puts)

    monkeypatch.setattr(FeatureTable, "write", write_unless_busy)
    monkeypatch.setattr(materialization, "pause", lambda _: None)
    with pytest.raises(FeatureConflictError, match="merchant#1"):
        run.run(snapshot.items())
    monkeypatch.undo()

    assert 0 < run.run(snapshot.items()) < len(snapshot)
    assert stored(store, list(snapshot)) == snapshot


def test_states_are_read_in_as_many_calls_as_it_takes() -> None:
    class Throttled:
        """Answers half of what it is asked."""

        n_calls = 0

        def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
            self.n_calls += 1
            ((table, wanted),) = RequestItems.items()
            keys = wanted["Keys"]
            half = max(1, len(keys) // 2)
            assert len(keys) <= 100
            found = [
                {**key, "state": {"B": to_bytes(EntityState(EntityKind.USER))}}
                for key in keys[:half]
            ]
            rest = {table: {**wanted, "Keys": keys[half:]}} if keys[half:] else {}
            return {"Responses": {table: found}, "UnprocessedKeys": rest}

    entities = [f"user#{number}" for number in range(110)]
    table = Throttled()

    states = fetch_states(table, FEATURE_TABLE, 30.0, entities[95:])

    assert states.keys() == set(entities[95:])
    assert {from_bytes(data).kind for data in states.values()} == {EntityKind.USER}
    assert table.n_calls > 1
    with pytest.raises(FeatureConflictError, match="throttled"):
        fetch_states(table, FEATURE_TABLE, 30.0, entities)
