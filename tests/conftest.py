"""What tests of several folders share."""

import gc
from pathlib import Path

import pytest


# Before xdist reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a folder's tests in one worker: they share what its fixtures make once per session."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(str(item.path.parent)))


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
