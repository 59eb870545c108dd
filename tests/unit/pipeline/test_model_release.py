from typing import Any

import pytest

from mlops_platform.errors import (
    ChampionChangedError,
    ModelNotFoundError,
    ModelVersionNotFoundError,
)
from mlops_platform.pipeline.model_release import ModelRelease
from mlops_platform.registry.releases import Releases
from tests.unit.registry.fuse import Fuse, FusedClient, Killed
from tests.unit.registry.manifests import asked, registered
from tests.unit.registry.tables import ledger_in

MODEL = "fraud_detection"


@pytest.fixture
def steps(dynamodb: Any) -> ModelRelease:
    return with_versions(ModelRelease(ledger_in(dynamodb)))


def with_versions(steps: ModelRelease) -> ModelRelease:
    releases = Releases(steps.ledger, MODEL)
    for number in (1, 2):
        releases.register(registered(number), asked(f"register {number}"))
    releases.release(registered(1), asked("release 1"))
    return steps


def champion(revision: int) -> dict[str, Any]:
    return {"champion": {"version": "1", "semantic_version": "1.0.0", "revision": revision}}


def prepare(steps: ModelRelease, version: str, comparison: dict[str, Any] | None) -> dict[str, Any]:
    return steps.prepare(model_name=MODEL, version=version, comparison=comparison)


def serving(steps: ModelRelease) -> str | None:
    routing = steps.ledger.routing_table.read(MODEL)
    return None if routing is None else routing.variants[0].version


@pytest.mark.parametrize("comparison", [None, champion(3)])
def test_the_version_is_found_with_what_it_is_to_replace(
    steps: ModelRelease, comparison: dict[str, Any] | None
) -> None:
    assert prepare(steps, "1.0.1", comparison) == {
        "version": "2",
        "semantic_version": "1.0.1",
        "bundle_uri": registered(2).bundle_uri,
        "bundle_sha256": registered(2).bundle_sha256,
        "expected_revision": 3,
    }


@pytest.mark.parametrize("comparison", [{"champion": None}, champion(2), champion(7)])
def test_evidence_about_another_champion_is_refused_before_anything_is_tried(
    steps: ModelRelease, comparison: dict[str, Any]
) -> None:
    with pytest.raises(ChampionChangedError, match="Train again"):
        prepare(steps, "2", comparison)


def test_what_serves_already_needs_no_evidence(steps: ModelRelease) -> None:
    prepared = prepare(steps, "1", {"champion": None})

    answer = steps.release(model_name=MODEL, prepared=prepared, cause=asked("again"))

    assert answer["revision"] == 3


def test_an_unknown_model_or_version_is_refused(steps: ModelRelease) -> None:
    with pytest.raises(ModelVersionNotFoundError):
        prepare(steps, "7", None)
    with pytest.raises(ModelNotFoundError):
        steps.prepare(model_name="nothing", version="1", comparison=None)


def test_a_release_stands_in_the_ledger_with_its_cause(steps: ModelRelease) -> None:
    prepared = prepare(steps, "2", champion(3))

    answer = steps.release(model_name=MODEL, prepared=prepared, cause=asked("e-1", why="drift"))

    assert answer == {
        "model_name": MODEL,
        "version": "2",
        "semantic_version": "1.0.1",
        "revision": 4,
    }
    head = steps.ledger.head(MODEL)
    assert head is not None
    assert (head.cause.operation, head.cause.why) == ("e-1", "drift")
    assert serving(steps) == "2"


def test_what_a_person_did_between_the_steps_stands(steps: ModelRelease) -> None:
    releases = Releases(steps.ledger, MODEL)
    releases.release(registered(2), asked("release 2"))
    prepared = prepare(steps, "1", None)
    releases.roll_back(asked("roll back"))
    releases.release(registered(2), asked("forward"))

    with pytest.raises(ChampionChangedError, match="after revision 4"):
        steps.release(model_name=MODEL, prepared=prepared, cause=asked("e-1"))

    assert serving(steps) == "2"


def test_a_failed_release_is_taken_back_with_its_reason(steps: ModelRelease) -> None:
    prepared = prepare(steps, "2", champion(3))
    steps.release(model_name=MODEL, prepared=prepared, cause=asked("e-1"))

    answer = steps.roll_back(model_name=MODEL, version="2", cause=asked("e-1", why="not loaded"))

    assert answer == {"model_name": MODEL, "outcome": "rolled_back", "revision": 5}
    assert serving(steps) == "1"


@pytest.mark.parametrize("version", ["2", "7"])
def test_a_release_that_never_was_changes_nothing(steps: ModelRelease, version: str) -> None:
    answer = steps.roll_back(model_name=MODEL, version=version, cause=asked("e-1", why="checked"))

    assert answer == {"model_name": MODEL, "outcome": "rejected", "revision": 3}
    assert serving(steps) == "1"


def test_killed_at_any_call_the_steps_end_where_they_should(dynamodb: Any) -> None:
    """As the state machine does: a step is retried, and a failure in between is rolled back."""
    at = 0
    killed = True
    with_versions(ModelRelease(ledger_in(dynamodb)))
    while killed:
        at += 1
        fuse = Fuse()
        steps = ModelRelease(ledger_in(FusedClient(dynamodb, fuse)))
        operation = f"e-{at}"
        fuse.arm(at)
        try:
            release_and_take_back(steps, operation)
            killed = False
        except Killed:
            fuse.disarm()
            assert serving(steps) in {"1", "2"}
            steps.ledger.verify(MODEL)
            if serving(steps) == "2":
                steps.roll_back(model_name=MODEL, version="2", cause=asked(operation))
            else:
                release_and_take_back(steps, f"{operation}-again")
        fuse.disarm()
        entries = steps.ledger.verify(MODEL)
        assert serving(steps) == "1"
        assert entries[-1].routing == steps.ledger.routing_table.read(MODEL)
    assert at >= 9


def release_and_take_back(steps: ModelRelease, operation: str) -> None:
    prepared = prepare(steps, "2", None)
    steps.release(model_name=MODEL, prepared=prepared, cause=asked(operation))
    steps.roll_back(model_name=MODEL, version="2", cause=asked(operation))
