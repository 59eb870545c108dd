"""A release that is stopped, killed or throttled anywhere leaves one answer to what serves."""

import json
from collections.abc import Iterator

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.errors import ReleaseFailedError
from mlops_platform.registry.transition import Transition
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import wait_for_execution
from tests.e2e.faults import Hunter, eventually, n_refused, throttled
from tests.e2e.listening import listening
from tests.e2e.platform import MODEL, Platform
from tests.e2e.releasing import FIRST, Releases
from tests.e2e.twins import register_twin

# The states of a release that goes well and do something, in order.
STEPS = ["PrepareRelease", "CheckBundle", "Release", "Confirm", "FollowStages", "NotifyReleased"]


@pytest.fixture(scope="module")
def releases(platform: Platform) -> Iterator[Releases]:
    yield Releases(platform)
    back = {"version": FIRST, "reason": "the tests of releases are over"}
    platform.api.call("POST", f"/models/{MODEL}/promote/production", back)


@pytest.fixture
def holding(platform: Platform) -> Iterator[Platform]:
    yield platform
    platform.admin("POST", "/executions/hold")


def test_these_are_the_steps_of_a_release(platform: Platform) -> None:
    arn = discover(platform.config, "release_state_machine_arn")
    machine = client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    definition = json.loads(machine["definition"])

    name, steps = definition["StartAt"], []
    while (state := definition["States"][name])["Type"] != "Succeed":
        steps += [name] if state["Type"] == "Task" else []
        # The one choice is between models.
        choices = state.get("Choices", [])
        (way,) = [each for each in choices if each["StringEquals"] == MODEL] or [state]
        name = way["Next"]

    assert steps == STEPS


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_release_that_is_stopped_between_two_steps_agrees_and_goes_through_again(
    holding: Platform, releases: Releases, step: str
) -> None:
    before, candidate = releases.served().ledger, releases.next()
    holding.admin("POST", "/executions/hold", {"before": step})
    execution = releases.start(candidate)
    held = holding.admin("POST", "/executions/held")

    client("stepfunctions").stop_execution(executionArn=execution)
    stopped = wait_for_execution(execution)
    holding.admin("POST", "/executions/hold")
    holding.admin("POST", "/schedules/fire", {"rule": "Reconcile"})

    assert held == [{"execution": execution, "before": step}]
    done = STEPS[: STEPS.index(step)]
    assert stopped.status == "ABORTED"
    assert [state for state in stopped.states if state in STEPS] == done
    # The step Release writes ledger and routing, and all else follows from these.
    serving = candidate.version if "Release" in done else before
    eventually(lambda: releases.agree_on(serving), f"an agreement on version {serving}")
    assert releases.deploy(candidate)["version"] == candidate.version
    releases.assert_whole(candidate)


def test_a_release_of_which_every_function_is_killed_once_goes_through(
    platform: Platform, releases: Releases
) -> None:
    candidate, before = releases.next(), releases.released()
    functions = ("PrepareRelease", "FraudDetectionPredict", "ReleaseModel", "FollowStages")

    with Hunter(platform, *functions) as hunter:
        hunter.start()
        answer = releases.deploy(candidate)

    assert min(hunter.hits.values()) >= 1, hunter.hits
    assert answer["version"] == candidate.version
    assert releases.released() == [*before, candidate.version]
    releases.assert_whole(candidate)


def test_a_release_whose_roll_back_is_killed_is_taken_back_and_told_once(
    platform: Platform, releases: Releases
) -> None:
    before = releases.served()
    broken = register_twin(platform, "lost", with_files=False)

    with (
        Hunter(platform, "RollBackRelease") as hunter,
        listening(platform, "Release Failed") as listener,
    ):
        hunter.start()
        with pytest.raises(ReleaseFailedError, match="ended as FAILED"):
            releases.deploy(broken)
        told = listener.heard()

    assert min(hunter.hits.values()) >= 1
    assert [detail["version"] for detail in told] == [broken.version]
    rejected = releases.entries()[-1]
    assert (rejected.transition, rejected.subject) == (Transition.REJECTED, broken)
    assert rejected.cause.operation == told[0]["execution"]
    assert releases.served() == before


def test_a_release_whose_tables_are_throttled_for_a_while_is_entered_once(
    platform: Platform, releases: Releases
) -> None:
    candidate, before = releases.next(), releases.released()

    # More than the function tries: its state has to try again, too.
    with throttled(platform, "ledger_table", "routing_table", writes=12):
        answer = releases.deploy(candidate)
        refused = n_refused(platform)

    # Each of these writes is one to both tables.
    assert refused == 2 * 12
    assert answer["version"] == candidate.version
    assert releases.released() == [*before, candidate.version]
    releases.assert_whole(candidate)


def test_a_release_that_is_stopped_while_its_tables_are_throttled_changed_nothing(
    platform: Platform, releases: Releases
) -> None:
    before, n_entries, candidate = releases.served(), len(releases.entries()), releases.next()

    with throttled(platform, "ledger_table", "routing_table"):
        execution = releases.start(candidate)
        eventually(lambda: n_refused(platform), "a write of the release")
        client("stepfunctions").stop_execution(executionArn=execution)
        # Its function knows of no stop, and would go on trying.
        assert platform.kill_function("ReleaseModel")
        assert wait_for_execution(execution).status == "ABORTED"

    assert releases.served() == before
    assert len(releases.entries()) == n_entries
    releases.deploy(candidate)
    releases.assert_whole(candidate)
