import threading
from typing import Any

import pytest

from mlops_platform.errors import ChampionChangedError, TrackingServerError
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.model_version import ModelVersion
from mlops_platform.registry.promotion import Comparison, Promotion
from mlops_platform.registry.routing_table import NEVER_DEPLOYED, RoutingTable
from tests.unit.registry.conftest import TABLE
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.fuse import Fuse, FusedClient, FusedMlflow, Killed
from tests.unit.registry.manifests import bundle

MODEL = "fraud_detection"


class Platform:
    """A registry with three versions and a routing table, one fuse through both."""

    def __init__(self, dynamodb: Any) -> None:
        self.fuse = Fuse()
        self.registry = ModelRegistry(FusedMlflow(self.fuse))
        self.table = RoutingTable(FusedClient(dynamodb, self.fuse), TABLE)
        self.promotion = Promotion(self.registry, self.table)
        self.versions = [self.registry.register(MODEL, **bundle(n)) for n in (1, 2, 3)]

    def state(self) -> dict[str, Any]:
        routing = self.table.read(MODEL)
        return {
            "serving": routing and [v.version for v in routing.variants],
            "revision": routing and routing.revision,
            "aliases": self.registry.aliases(MODEL),
            "stages": [str(v.stage) for v in self.registry.versions(MODEL)],
        }

    def is_consistent(self) -> bool:
        state = self.state()
        serving = state["serving"] or [None]
        production = [
            version.version
            for version, stage in zip(self.versions, state["stages"], strict=True)
            if stage == "Production"
        ]
        return bool([state["aliases"].get("production")] == serving) and (
            production == [number for number in serving if number]
        )


@pytest.fixture
def platform(dynamodb: Any) -> Platform:
    return Platform(dynamodb)


def test_a_promotion_changes_routing_and_stages(platform: Platform) -> None:
    first, second, _ = platform.versions

    platform.promotion.promote(first)
    routing = platform.promotion.promote(second, Comparison("1", 1))

    assert routing.variants[0].bundle_uri == second.bundle_uri
    assert routing.variants[0].semantic_version == "1.0.1"
    assert platform.state() == {
        "serving": ["2"],
        "revision": 2,
        "aliases": {"production": "2"},
        "stages": ["Archived", "Production", "Development"],
    }


def test_a_repeated_promotion_changes_nothing(platform: Platform) -> None:
    platform.promotion.promote(platform.versions[0], Comparison(None, NEVER_DEPLOYED))
    before = platform.state()

    platform.promotion.promote(platform.versions[0], Comparison(None, NEVER_DEPLOYED))

    assert platform.state() == before


def test_evidence_against_another_champion_promotes_nothing(platform: Platform) -> None:
    first, second, third = platform.versions
    platform.promotion.promote(first)
    platform.promotion.promote(second)

    with pytest.raises(ChampionChangedError, match="version 1 at revision 1, but version 2"):
        platform.promotion.promote(third, Comparison("1", 1))
    with pytest.raises(ChampionChangedError, match="compared with no champion"):
        platform.promotion.promote(third, Comparison(None, NEVER_DEPLOYED))

    assert platform.state()["serving"] == ["2"]


def test_a_retry_does_not_undo_what_a_person_did_since(platform: Platform) -> None:
    first, second, _ = platform.versions
    platform.promotion.promote(first)
    compared = Comparison("1", 1)
    platform.promotion.promote(second, compared)
    # The answer is lost; before the retry somebody brings the first version back.
    platform.promotion.promote(first)

    with pytest.raises(ChampionChangedError, match="revision 1, but version 1 serves now"):
        platform.promotion.promote(second, compared)

    assert platform.state()["serving"] == ["1"]


def test_a_promotion_killed_at_any_call_is_finished_by_its_retry(platform: Platform) -> None:
    first, second, _ = platform.versions
    platform.promotion.promote(first)
    platform.registry.stage(second)
    platform.fuse.arm(at=-1)
    platform.promotion.promote(first)
    at = 0

    while True:
        at += 1
        restore(platform, first, second)
        compared = Comparison("1", platform.state()["revision"])
        platform.fuse.arm(at)
        try:
            platform.promotion.promote(second, compared)
        except Killed:
            platform.fuse.disarm()
            assert platform.state()["serving"] in (["1"], ["2"])
            platform.promotion.promote(second, compared)
        else:
            break
        assert platform.state()["serving"] == ["2"]
        assert platform.state()["aliases"] == {"production": "2"}
        assert platform.is_consistent()
    # Reads and writes of both services, each killed before and after.
    assert at > 20


def restore(platform: Platform, champion: ModelVersion, candidate: ModelVersion) -> None:
    platform.fuse.disarm()
    platform.promotion.promote(champion)
    platform.registry.stage(candidate)


def test_a_promotion_killed_at_any_call_and_never_retried_is_mended_by_the_next(
    platform: Platform,
) -> None:
    first, second, third = platform.versions
    platform.promotion.promote(first)
    killed = True
    at = 0

    while killed:
        at += 1
        restore(platform, first, second)
        platform.fuse.arm(at)
        try:
            platform.promotion.promote(second)
        except Killed:
            platform.fuse.disarm()
        else:
            killed = False
        platform.fuse.disarm()
        platform.promotion.promote(third)
        assert platform.is_consistent()


def test_reconciliation_mends_what_died_after_the_routing_changed(platform: Platform) -> None:
    first, second, _ = platform.versions
    platform.promotion.promote(first)
    routing = platform.table.read(MODEL)
    assert routing is not None
    platform.table.write(
        MODEL,
        [type(routing.variants[0])(**{**vars(routing.variants[0]), "version": second.version})],
        expected_revision=1,
    )
    assert not platform.is_consistent()

    platform.promotion.reconcile(MODEL)

    assert platform.is_consistent()


def test_reconciliation_follows_a_release_that_overtakes_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = platform.versions
    platform.promotion.promote(first)
    original = ModelRegistry.follow
    overtaken = threading.Event()

    def follow(registry: ModelRegistry, model_name: str, production: str | None) -> None:
        original(registry, model_name, production)
        if not overtaken.is_set():
            overtaken.set()
            Promotion(registry, platform.table).promote(second)
            original(registry, model_name, production)

    monkeypatch.setattr(ModelRegistry, "follow", follow)

    platform.promotion.reconcile(MODEL)

    assert platform.state()["serving"] == ["2"]
    assert platform.is_consistent()


def test_a_registration_killed_at_any_call_is_finished_by_its_retry() -> None:
    killed = True
    at = 0

    while killed:
        at += 1
        fuse = Fuse()
        registry = ModelRegistry(FusedMlflow(fuse))
        registry.register(MODEL, **bundle(1))
        fuse.arm(at)
        try:
            registry.stage(registry.register(MODEL, **bundle(2)))
        except Killed:
            fuse.disarm()
            registry.stage(registry.register(MODEL, **bundle(2)))
        else:
            killed = False
        fuse.disarm()
        described = [
            (v.version, str(v.semantic_version), str(v.stage)) for v in registry.versions(MODEL)
        ]
        assert described == [("1", "1.0.0", "Development"), ("2", "1.0.1", "Staging")]
        assert registry.aliases(MODEL) == {"staging": "2"}


def test_without_mlflow_a_promotion_is_not_begun(dynamodb: Any) -> None:
    registry = ModelRegistry(FakeMlflow())
    table = RoutingTable(dynamodb, TABLE)
    registry.mlflow.patience_seconds = 0

    class Silent(FakeMlflow):
        def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
            raise TrackingServerError(f"{method} {path} {body}")

    silent = ModelRegistry(Silent())
    with pytest.raises(TrackingServerError):
        Promotion(silent, table).promote(silent.find(MODEL, "1"))

    assert table.read(MODEL) is None
