from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.registry.routing_table import (
    NEVER_DEPLOYED,
    RoutingTable,
    champion_of,
    revision_of,
)
from mlops_platform.serving.routing import Routing, Variant
from tests.unit.registry.tables import ROUTING

MODEL = "fraud_detection"


def variant(version: str, weight: float = 1.0) -> Variant:
    return Variant(
        version=version, semantic_version="1.0.0", bundle_uri=f"s3://b/{version}/", weight=weight
    )


def routing(revision: int, *variants: Variant) -> Routing:
    return Routing(model_name=MODEL, revision=revision, variants=variants or (variant("1"),))


@pytest.fixture
def table(dynamodb: Any) -> RoutingTable:
    return RoutingTable(dynamodb, ROUTING)


def replace(table: RoutingTable, old: Routing | None, new: Routing | None) -> None:
    table.dynamodb.transact_write_items(TransactItems=[table.replacement(MODEL, old, new)])


def test_a_model_that_was_never_deployed_has_no_routing(table: RoutingTable) -> None:
    assert table.read(MODEL) is None
    assert revision_of(table.read(MODEL)) == NEVER_DEPLOYED


def test_what_is_written_is_read_by_serving(table: RoutingTable) -> None:
    written = routing(3, variant("1", 0.95), variant("2", 0.05))

    replace(table, None, written)

    assert table.read(MODEL) == written
    assert revision_of(written) == 3
    assert champion_of(written).version == "1"


@pytest.mark.parametrize("stale", [None, routing(1), routing(3), routing(99)])
def test_only_the_newest_revision_may_be_replaced(
    table: RoutingTable, stale: Routing | None
) -> None:
    replace(table, None, routing(2))

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        replace(table, stale, routing(5, variant("3")))
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        replace(table, stale, None)

    assert table.read(MODEL) == routing(2)


def test_a_routing_may_be_withdrawn(table: RoutingTable) -> None:
    replace(table, None, routing(2))

    replace(table, routing(2), None)

    assert table.read(MODEL) is None


@given(weights=st.lists(st.floats(0, 1), min_size=1, max_size=5).filter(any))
def test_the_champion_has_the_largest_share(weights: list[float]) -> None:
    variants = tuple(variant(str(n), weight) for n, weight in enumerate(weights))

    champion = champion_of(Routing(model_name=MODEL, revision=1, variants=variants))

    assert champion.weight == max(weights)
