"""One deployed platform for all end-to-end tests: a world in its bucket, 1.0.0 in Production."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_platform.sdk.api_client import Answer
from mlops_platform.sdk.executions import ExecutionResult
from tests.e2e.platform import DAYS, MODEL, Platform, running_platform


@pytest.fixture(scope="session")
def empty_platform(tmp_path_factory: pytest.TempPathFactory, assembly: Path) -> Iterator[Platform]:
    """The platform as `make up` leaves it: nothing trained, nothing served."""
    with running_platform(tmp_path_factory.mktemp("platform"), assembly) as running:
        yield running


@pytest.fixture(scope="session")
def answer_before_training(empty_platform: Platform) -> Answer:
    """What a caller hears while nothing is deployed."""
    return empty_platform.api.request("POST", f"/ml/{MODEL}/predict", {"features": {"amount": 1}})


@pytest.fixture(scope="session")
def first_training(empty_platform: Platform, answer_before_training: Answer) -> ExecutionResult:
    """The training that made 1.0.0."""
    assert answer_before_training
    empty_platform.upload_world(0, DAYS - 1)
    return empty_platform.pipeline.run(MODEL, as_of=empty_platform.moment(DAYS))


@pytest.fixture(scope="session")
def platform(empty_platform: Platform, first_training: ExecutionResult) -> Platform:
    """The platform after its first training."""
    assert first_training
    return empty_platform
