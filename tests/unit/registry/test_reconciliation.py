"""MLflow's stages follow the ledger, whatever died in between."""

import threading
from typing import Any

import pytest

from mlops_platform.errors import LedgerIntegrityError, TrackingServerError
from mlops_platform.registry.ledger_entry import key_of
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.reconciliation import Reconciliation, stages_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.fuse import Fuse, FusedClient, FusedMlflow, Killed
from tests.unit.registry.manifests import asked, bundle, registered
from tests.unit.registry.tables import LEDGER, ledger_in

MODEL = "fraud_detection"
FIRST, SECOND, THIRD = (registered(number) for number in (1, 2, 3))


class Platform:
    """A registry with three versions and a ledger, one fuse through both."""

    def __init__(self, dynamodb: Any) -> None:
        self.fuse = Fuse()
        self.registry = ModelRegistry(FusedMlflow(self.fuse))
        self.ledger = ledger_in(FusedClient(dynamodb, self.fuse))
        self.releases = Releases(self.ledger, MODEL)
        self.reconciliation = Reconciliation(self.ledger, self.registry)
        for number in (1, 2, 3):
            version = RegisteredVersion.of(self.registry.register(MODEL, **bundle(number)))
            assert version == registered(number)
            self.releases.register(version, asked(f"register {number}"))

    def told(self) -> dict[str, Any]:
        return {
            "aliases": self.registry.aliases(MODEL),
            "stages": [str(v.stage) for v in self.registry.versions(MODEL)],
        }


@pytest.fixture
def platform(dynamodb: Any) -> Platform:
    return Platform(dynamodb)


def test_stages_follow_what_was_staged_and_released(platform: Platform) -> None:
    platform.releases.release(FIRST, asked("one"))
    platform.releases.stage(SECOND, asked("two"))

    platform.reconciliation.reconcile(MODEL)

    assert platform.told() == {
        "aliases": {"production": "1", "staging": "2"},
        "stages": ["Production", "Staging", "Development"],
    }


def test_a_rollback_is_followed_and_the_version_rolled_away_from_archived(
    platform: Platform,
) -> None:
    platform.releases.release(FIRST, asked("one"))
    platform.releases.release(SECOND, asked("two"))
    platform.reconciliation.reconcile(MODEL)
    platform.releases.roll_back(asked("three"))

    platform.reconciliation.reconcile(MODEL)

    assert platform.told() == {
        "aliases": {"production": "1"},
        "stages": ["Production", "Archived", "Development"],
    }


def test_stages_that_somebody_moved_are_moved_back(platform: Platform) -> None:
    platform.releases.release(FIRST, asked("one"))
    platform.reconciliation.reconcile(MODEL)
    platform.registry.follow(MODEL, production="3", staging="2")

    platform.reconciliation.reconcile(MODEL)

    assert platform.told()["aliases"] == {"production": "1"}


def test_a_model_without_a_ledger_is_left_alone(platform: Platform) -> None:
    platform.registry.register("categorization", **bundle(1))
    platform.registry.follow("categorization", production="1", staging=None)

    assert platform.reconciliation.reconcile("categorization") is None

    assert platform.registry.aliases("categorization") == {"production": "1"}


def test_killed_at_any_call_it_is_finished_by_the_next(platform: Platform) -> None:
    platform.releases.release(FIRST, asked("one"))
    platform.releases.stage(SECOND, asked("two"))
    platform.reconciliation.reconcile(MODEL)
    platform.releases.release(SECOND, asked("three"))
    before = platform.told()["aliases"]
    at = 0

    while True:
        at += 1
        platform.registry.follow(MODEL, production="1", staging="2")
        platform.fuse.arm(at)
        try:
            platform.reconciliation.reconcile(MODEL)
        except Killed:
            platform.fuse.disarm()
            # Production moves last: until then the old one is named.
            aliases = platform.told()["aliases"]
            assert aliases["production"] == "1" or aliases == {"production": "2"}
            platform.reconciliation.reconcile(MODEL)
        else:
            break
        assert platform.told() == {
            "aliases": {"production": "2"},
            "stages": ["Archived", "Production", "Development"],
        }
    assert before == {"production": "1", "staging": "2"}
    assert at > 10


def test_a_release_that_overtakes_it_is_followed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.releases.release(FIRST, asked("one"))
    original = ModelRegistry.follow
    overtaken = threading.Event()

    def follow(registry: ModelRegistry, model_name: str, **stages: Any) -> None:
        if not overtaken.is_set():
            overtaken.set()
            platform.releases.release(SECOND, asked("two"))
        original(registry, model_name, **stages)

    monkeypatch.setattr(ModelRegistry, "follow", follow)

    platform.reconciliation.reconcile(MODEL)

    assert platform.told()["aliases"] == {"production": "2"}


def test_releases_without_end_are_not_followed_for_ever(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.releases.release(FIRST, asked("one"))
    rejected: list[str] = []

    def follow(_registry: ModelRegistry, _model_name: str, **_stages: Any) -> None:
        rejected.append(f"reject {len(rejected)}")
        platform.releases.reject(None, asked(rejected[-1]))

    monkeypatch.setattr(ModelRegistry, "follow", follow)

    with pytest.raises(TrackingServerError, match="repeat it when the releases are over"):
        platform.reconciliation.reconcile(MODEL)


def test_from_a_ledger_that_cannot_be_trusted_nothing_is_derived(
    platform: Platform, dynamodb: Any
) -> None:
    platform.releases.release(FIRST, asked("one"))
    dynamodb.update_item(
        TableName=LEDGER,
        Key=key_of(MODEL, 4),
        UpdateExpression="SET entry = :forged",
        ExpressionAttributeValues={":forged": {"S": "{}"}},
    )

    with pytest.raises(LedgerIntegrityError):
        platform.reconciliation.reconcile(MODEL)

    assert platform.told()["aliases"] == {}


def test_one_model_s_trouble_stops_no_other(platform: Platform) -> None:
    class Choosy(FakeMlflow):
        def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
            if "categorization" in path or "categorization" in str(body):
                raise TrackingServerError(path)
            return super()._call(method, path, body)

    registry = ModelRegistry(Choosy())
    registry.register(MODEL, **bundle(1))
    platform.releases.release(FIRST, asked("one"))
    Releases(platform.ledger, "categorization").release(FIRST, asked("two"))
    reconciliation = Reconciliation(platform.ledger, registry)

    with pytest.raises(TrackingServerError):
        reconciliation.reconcile_all(["categorization", MODEL])

    assert registry.aliases(MODEL) == {"production": "1"}
    assert reconciliation.reconcile_all([MODEL, "selfmate"]) == {MODEL: 4, "selfmate": 0}


def test_agreement_is_told_by_aliases_and_tags(platform: Platform) -> None:
    platform.releases.release(FIRST, asked("one"))
    head = platform.ledger.head(MODEL)
    assert head is not None

    assert not platform.registry.agrees(MODEL, **stages_after(head))
    platform.reconciliation.reconcile(MODEL)
    assert platform.registry.agrees(MODEL, **stages_after(head))


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
            registry.register(MODEL, **bundle(2))
        except Killed:
            fuse.disarm()
            registry.register(MODEL, **bundle(2))
        else:
            killed = False
        fuse.disarm()
        described = [(v.version, str(v.semantic_version)) for v in registry.versions(MODEL)]
        assert described == [("1", "1.0.0"), ("2", "1.0.1")]
