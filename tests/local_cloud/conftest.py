"""One cloud for all tests of the local cloud; each test deploys stacks of its own."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_cloud.cloud import LocalCloud
from tests.local_cloud.assemblies import Assembly


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A running cloud without stacks. Needs `python -m local_cloud prepare` once."""
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running


_numbers = itertools.count(1)


@pytest.fixture
def new_assembly(tmp_path: Path) -> Callable[[], Assembly]:
    """Make empty assemblies, each with a stack name of its own."""

    def make() -> Assembly:
        name = f"Stack{next(_numbers)}"
        return Assembly(tmp_path / name, name)

    return make
