"""The templates of every environment, each written once per session."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cdk.app import TEMPLATES_ONLY, make_app
from cdk.environments import ENVIRONMENTS
from tests.infrastructure.assembly_reader import Assembly


@pytest.fixture(scope="session")
def dev(assembly: Path) -> Assembly:
    """The dev environment with its assets."""
    return Assembly(assembly)


@pytest.fixture(scope="session")
def assembly_of(
    dev: Assembly, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Assembly]:
    """Return any environment's templates by its name."""
    written = {"dev": dev}

    def read(name: str) -> Assembly:
        if name not in written:
            directory = tmp_path_factory.mktemp(name)
            make_app(directory, {"environment": name, **TEMPLATES_ONLY}).synth()
            written[name] = Assembly(directory)
        return written[name]

    return read


@pytest.fixture(params=[environment.name for environment in ENVIRONMENTS])
def every(request: pytest.FixtureRequest, assembly_of: Callable[[str], Assembly]) -> Assembly:
    """Each environment in turn."""
    return assembly_of(request.param)
