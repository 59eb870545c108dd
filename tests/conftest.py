"""What tests of several folders share."""

import gc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# What an example takes on a busy machine says nothing of the code: timings live in benchmarks.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class FolderScheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist tells no types of it
    """Keeps a folder's tests in one worker: they share what its fixtures make once per session."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FolderScheduling:
    """Spread folders over the workers."""
    return FolderScheduling(config, log)


@pytest.fixture(autouse=True, scope="module")
def settled_objects() -> None:
    """Spare the garbage collector what stays to the end.

    What imports and session fixtures keep alive is looked at by every full collection, and making
    one boto3 client is reason enough for one.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dev environment's cloud assembly, written once per session, assets included."""
    from cdk.app import make_app  # noqa: PLC0415 (takes seconds; only for tests that need it)

    directory = tmp_path_factory.mktemp("cdk.out")
    make_app(directory, {"environment": "dev"}).synth()
    return directory
