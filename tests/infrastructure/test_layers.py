"""The layers as they were built, and what a synthesis says when they were not."""

import subprocess
from pathlib import Path

import pytest

from cdk import layers
from cdk.errors import LayerNotBuiltError
from tests.infrastructure.assembly_reader import Assembly


def test_a_layer_that_is_not_built_is_answered_with_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "BUILT", tmp_path)
    with pytest.raises(LayerNotBuiltError, match=r"python -m cdk\.layers"):
        layers.built_directory("arrow")


def test_other_requirements_are_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = layers.built_directory("powertools")
    changed = tmp_path / "powertools"
    changed.mkdir()
    (changed / "requirements.txt").write_text("orjson==0.0.1\n")
    monkeypatch.setattr(layers, "SOURCES", tmp_path)
    with pytest.raises(LayerNotBuiltError):
        layers.built_directory("powertools")
    assert before.is_dir()


@pytest.mark.parametrize("installer", ["cdk/layers.py", "local_cloud/prepare.py"])
def test_a_changed_installer_makes_an_installation_stale(installer: str) -> None:
    rules = subprocess.run(
        ["make", "--dry-run", "--print-data-base", "install"],
        cwd=layers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rule = next(line for line in rules.splitlines() if line.startswith(".venv/.installed:"))
    assert installer in rule.split()


@pytest.mark.parametrize("name", layers.THIRD_PARTY)
def test_a_built_layer_names_the_requirements_it_was_built_from(name: str) -> None:
    built = (layers.built_directory(name) / "requirements.txt").read_text()
    assert built == (layers.SOURCES / name / "requirements.txt").read_text()


@pytest.mark.parametrize("name", layers.THIRD_PARTY)
def test_native_code_of_a_layer_is_for_python_3_13(name: str) -> None:
    built = layers.built_directory(name)
    tags = {path.name.split(".")[1] for path in built.rglob("*.cpython-*.so")}
    stable = list(built.rglob("*.abi3.so"))
    assert tags == {"cpython-313-x86_64-linux-gnu"} or (stable and not tags)


def test_the_platform_layer_is_our_library_and_nothing_else(dev: Assembly) -> None:
    ours = [
        dev.asset(layer.properties["Content"])
        for layer in dev.of_type("AWS::Lambda::LayerVersion")
        if "Our library" in layer.properties["Description"]
    ]
    assert ours
    for directory in ours:
        assert [path.name for path in directory.iterdir()] == ["python"]
        assert [path.name for path in (directory / "python").iterdir()] == ["mlops_platform"]
