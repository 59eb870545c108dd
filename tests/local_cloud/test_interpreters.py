"""Interpreters are found by running them, not by their names."""

import sys
from pathlib import Path

import pytest

from local_cloud.functions import interpreters
from local_cloud.functions.interpreters import Interpreter, find_interpreter
from local_cloud.functions.package import Package
from local_cloud.functions.runtimes import (
    NotPreparedError,
    Runtime,
    Runtimes,
    UnsupportedRuntimeError,
    fallback_directory,
)

_OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


def add_program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop whose Pythons are the ones a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(interpreters, "find_uv", lambda: None)
    find_interpreter.cache_clear()
    return tmp_path


def test_the_own_version_is_the_own_interpreter() -> None:
    found = find_interpreter(_OWN)

    assert found is not None
    assert found.version == _OWN


def test_a_pyenv_shim_that_fails_is_passed_over_for_the_version_behind_it(laptop: Path) -> None:
    add_program(laptop / "shims" / "python3.99", "echo 'command not found' >&2; exit 127")
    add_program(laptop / "versions" / "3.99.1" / "bin" / "python3.99", "echo 3.99")

    found = find_interpreter("3.99")

    assert found == Interpreter(laptop / "versions" / "3.99.1" / "bin" / "python3.99", "3.99")


def test_a_program_that_lies_about_its_version_is_not_taken(laptop: Path) -> None:
    add_program(laptop / "shims" / "python3.99", "echo 3.98")

    assert find_interpreter("3.99") is None


def test_a_runtime_other_than_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedRuntimeError, match=r"nodejs22\.x"):
        Runtimes(tmp_path).choose("nodejs22.x")


def test_an_unprepared_laptop_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotPreparedError, match="local_cloud prepare"):
        Runtimes(tmp_path).choose(f"python{_OWN}")


def test_without_the_exact_version_a_built_layer_is_replaced_and_a_plain_one_is_not(
    tmp_path: Path,
) -> None:
    # Given a layer of third-party packages, our own layer, and another Python than the layer's
    built, plain = tmp_path / "built", tmp_path / "plain"
    for layer in (built, plain):
        (layer / "python").mkdir(parents=True)
    (built / "requirements.txt").write_text("numpy==2.4.6\n")
    interpreter = Interpreter(Path(sys.executable), _OWN)
    rebuilt = fallback_directory(tmp_path / "build", interpreter, b"numpy==2.4.6\n")
    rebuilt.mkdir(parents=True)
    package = Package(tmp_path / "task", (built, plain), 0)

    # When the import path is made for the exact runtime and for the laptop's own
    runtimes = Runtimes(tmp_path / "build")
    paths = [
        runtimes.import_path(Runtime(interpreter, exact, tmp_path), package)
        for exact in (True, False)
    ]

    # Then only the laptop's own replaces the built layer
    assert paths[0] == [tmp_path / "task", plain / "python", built / "python"]
    assert paths[1] == [tmp_path / "task", plain / "python", rebuilt]
