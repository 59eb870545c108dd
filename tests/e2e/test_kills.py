"""Whatever is killed in the middle, nothing is half-promoted, and the next run goes through."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

import psutil
import pytest
import urllib3

from mlops_platform.errors import TrainingFailedError
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution
from tests.e2e.faults import Hunter
from tests.e2e.platform import DAYS, MODEL, Platform

_DOWN_SECONDS = 10.0


@pytest.fixture(autouse=True, scope="module")
def champion(platform: Platform) -> None:
    """Compare every candidate with its own like, whatever was released before these tests.

    The same data makes the same bundle, so the gate passes it, and each training goes all the way.
    """
    version = {"version": "1.0.0", "reason": "the kill tests train it again"}
    platform.api.call("POST", f"/models/{MODEL}/promote/production", version)


def consistent(platform: Platform) -> bool:
    """Whether routing table, registry and API name the same version."""
    production = platform.production()
    return production["routing"] == [production["alias"]] and bool(production["api"])


def train_and_kill(platform: Platform, state: str, kill: Callable[[], object]) -> ExecutionResult:
    """Start a training and kill something once, when a state is entered."""
    once = threading.Event()

    def on_state(entered: str) -> None:
        if entered == state and not once.is_set():
            once.set()
            kill()

    execution = platform.pipeline.start(MODEL, as_of=platform.moment(DAYS))
    result = wait_for_execution(execution, on_state=on_state)
    assert once.is_set(), f"{state} was never entered: {result}"
    return result


def kill_when_running(platform: Platform, kind: str) -> None:
    """Wait until a process of a kind runs, then kill it."""
    waiting = threading.Event()
    while not platform.kill(kind):
        waiting.wait(0.05)


def test_a_killed_training_job_leaves_production_where_it_was(platform: Platform) -> None:
    before = platform.production()

    result = train_and_kill(platform, "Train", lambda: kill_when_running(platform, "training"))

    assert result.status == "FAILED"
    assert "NotifyFailed" in result.states
    assert platform.production() == before


def test_functions_killed_as_they_start_are_replaced_or_retried_and_it_ends_consistent(
    platform: Platform,
) -> None:
    functions = ("EvaluateCandidate", "RegisterModel", "MaterializeFeatur")
    release = ("PrepareRelease", "ReleaseModel", "FollowStages")

    with Hunter(platform, *functions, *release) as hunter:
        result = train_and_kill(platform, "Train", hunter.start)

    assert min(hunter.hits.values()) >= 1, hunter.hits
    assert result.status == "SUCCEEDED"
    assert consistent(platform)


def kill_groups(leaders: Iterable[int]) -> None:
    """Kill whole process groups and wait until nothing of them lives."""
    groups = set(leaders)
    for group in groups:
        os.killpg(group, signal.SIGKILL)
    waiting = threading.Event()
    deadline = time.monotonic() + _DOWN_SECONDS
    while members := [process for process in psutil.process_iter() if _belongs(process, groups)]:
        assert time.monotonic() < deadline, f"still alive: {members}"
        waiting.wait(0.02)


def _belongs(process: psutil.Process, groups: set[int]) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and os.getpgid(process.pid) in groups
    except (psutil.NoSuchProcess, ProcessLookupError):
        return False


def is_healthy(url: str) -> bool:
    try:
        return urllib3.request("GET", f"{url}/health", retries=False, timeout=5).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_a_killed_tracking_server_comes_back_and_training_goes_through(platform: Platform) -> None:
    url = discover(platform.config, "tracking_uri")
    before = set(platform.pids("task"))

    def kill_the_server() -> None:
        assert is_healthy(url)
        kill_groups(before)
        assert not is_healthy(url) or not before & set(platform.pids("task"))

    result = train_and_kill(platform, "Train", kill_the_server)

    assert before
    assert result.status == "SUCCEEDED"
    assert consistent(platform)
    after = set(platform.pids("task"))
    assert after
    assert not before & after
    assert is_healthy(url)


def test_a_killed_predict_function_is_replaced(platform: Platform) -> None:
    request = {"features": {"amount": 100.0}}
    assert platform.api.request("POST", f"/ml/{MODEL}/predict", request).status == 200

    assert platform.kill("function", lambda name: "Predict" in name)

    answers = [platform.api.request("POST", f"/ml/{MODEL}/predict", request) for _ in range(3)]
    assert answers[-1].status == 200


def test_a_run_that_failed_is_told_as_an_error(platform: Platform) -> None:
    long_ago = datetime.fromisoformat("2024-01-01T00:00:00Z")

    with pytest.raises(TrainingFailedError, match="FAILED in"):
        platform.pipeline.run(MODEL, as_of=long_ago)
