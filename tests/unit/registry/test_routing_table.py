import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from moto import mock_aws

from mlops_platform.errors import ChampionChangedError, ModelNotDeployedError
from mlops_platform.registry.routing_table import NEVER_DEPLOYED, RoutingTable, champion_of
from mlops_platform.serving.routing import Routing, Variant

MODEL = "fraud_detection"


def variant(version: str, weight: float = 1.0) -> Variant:
    return Variant(
        version=version, semantic_version="1.0.0", bundle_uri=f"s3://b/{version}/", weight=weight
    )


def test_a_model_that_was_never_deployed_has_no_routing(routing_table: RoutingTable) -> None:
    assert routing_table.read(MODEL) is None


def test_what_is_written_is_read_by_serving(routing_table: RoutingTable) -> None:
    written = routing_table.write(
        MODEL, [variant("1", 0.95), variant("2", 0.05)], expected_revision=NEVER_DEPLOYED
    )

    assert routing_table.read(MODEL) == written
    assert written.revision == 1
    assert champion_of(written).version == "1"


@pytest.mark.parametrize("stale", [NEVER_DEPLOYED, 1, 3, 99])
def test_only_the_newest_revision_may_be_replaced(routing_table: RoutingTable, stale: int) -> None:
    routing_table.write(MODEL, [variant("1")], expected_revision=NEVER_DEPLOYED)
    newest = routing_table.write(MODEL, [variant("2")], expected_revision=1)

    with pytest.raises(ChampionChangedError, match=f"after revision {stale}"):
        routing_table.write(MODEL, [variant("3")], expected_revision=stale)

    assert routing_table.read(MODEL) == newest


def test_a_routing_without_traffic_is_refused(routing_table: RoutingTable) -> None:
    with pytest.raises(ModelNotDeployedError):
        routing_table.write(MODEL, [variant("1", 0.0)], expected_revision=NEVER_DEPLOYED)

    assert routing_table.read(MODEL) is None


def test_of_concurrent_writers_exactly_one_wins(routing_table: RoutingTable) -> None:
    routing_table.write(MODEL, [variant("0")], expected_revision=NEVER_DEPLOYED)
    start = threading.Barrier(8)
    won: list[str] = []
    lost: list[str] = []

    def release(version: str) -> None:
        start.wait()
        try:
            routing_table.write(MODEL, [variant(version)], expected_revision=1)
        except ChampionChangedError:
            lost.append(version)
        else:
            won.append(version)

    threads = [threading.Thread(target=release, args=(str(n),)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert len(lost) == 7
    routing = routing_table.read(MODEL)
    assert routing is not None
    assert (routing.revision, champion_of(routing).version) == (2, won[0])


class RepeatingClient:
    """boto3 as it is when a write's answer is lost: the same write is sent twice."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **arguments: Any) -> Any:
        self._client.put_item(**arguments)
        return self._client.put_item(**arguments)


def test_a_write_whose_answer_was_lost_has_won(routing_table: RoutingTable) -> None:
    repeating = RoutingTable(RepeatingClient(routing_table.dynamodb), routing_table.table)

    written = repeating.write(MODEL, [variant("1")], expected_revision=NEVER_DEPLOYED)

    assert routing_table.read(MODEL) == written


def test_another_error_of_the_table_is_not_taken_for_a_lost_race(
    routing_table: RoutingTable,
) -> None:
    missing = RoutingTable(routing_table.dynamodb, "no-such-table")

    with pytest.raises(ClientError, match="ResourceNotFound"):
        missing.write(MODEL, [variant("1")], expected_revision=NEVER_DEPLOYED)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(weights=st.lists(st.floats(0, 1), min_size=1, max_size=5).filter(any))
def test_the_champion_has_the_largest_share(weights: list[float]) -> None:
    variants = tuple(variant(str(n), weight) for n, weight in enumerate(weights))

    champion = champion_of(Routing(model_name=MODEL, revision=1, variants=variants))

    assert champion.weight == max(weights)


class Releases(RuleBasedStateMachine):
    """Writers with fresh and with stale knowledge, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        # moto keeps its tables in this process only.
        import boto3  # noqa: PLC0415 - inside the mock

        dynamodb = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        dynamodb.create_table(
            TableName="routing",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "model_name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "model_name", "AttributeType": "S"}],
        )
        self.table = RoutingTable(dynamodb, "routing")
        self.revision = NEVER_DEPLOYED
        self.serving: str | None = None

    def teardown(self) -> None:
        self.aws.stop()

    @rule(known=st.integers(0, 6), version=st.sampled_from(["1", "2", "3"]))
    def write(self, known: int, version: str) -> None:
        fresh = known == self.revision
        try:
            self.table.write(MODEL, [variant(version)], expected_revision=known)
        except ChampionChangedError:
            assert not fresh
        else:
            assert fresh
            self.revision, self.serving = known + 1, version

    @rule(version=st.sampled_from(["1", "2", "3"]))
    def write_with_fresh_knowledge(self, version: str) -> None:
        self.write(self.revision, version)

    @invariant()
    def the_table_holds_the_last_write_that_won(self) -> None:
        routing = self.table.read(MODEL)
        if routing is None:
            assert self.revision == NEVER_DEPLOYED
        else:
            assert (routing.revision, champion_of(routing).version) == (self.revision, self.serving)


Releases.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestReleases = Releases.TestCase
