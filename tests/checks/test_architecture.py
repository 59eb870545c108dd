"""Who may import whom, where import-linter does not look: functions and training scripts."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = ("functions", "training_jobs", "layers/platform/python", "cdk")
HANDLERS = sorted((ROOT / "functions").glob("*/handler.py"))


def imported_modules(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def roots_imported(source: Path) -> set[str]:
    return {module.partition(".")[0] for module in imported_modules(source)}


@pytest.mark.parametrize("folder", PRODUCTION)
def test_production_imports_neither_the_local_cloud_nor_moto(folder: str) -> None:
    sources = list((ROOT / folder).rglob("*.py"))

    guilty = [str(s) for s in sources if {"local_cloud", "moto"} & roots_imported(s)]

    assert sources
    assert guilty == []


def test_the_rule_above_would_notice() -> None:
    assert {"moto"} == roots_imported(ROOT / "tests/checks/moto_importer.py.txt")


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_functions_import_the_library_and_never_each_other(handler: Path) -> None:
    forbidden = {"functions", "training_jobs", "cdk", "benchmarks"}
    siblings = {other.parent.name for other in HANDLERS}

    assert not roots_imported(handler) & (forbidden | siblings)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_handlers_read_no_environment_and_make_no_client(handler: Path) -> None:
    assert not {"os", "boto3"} & roots_imported(handler)


def test_training_scripts_stay_short() -> None:
    scripts = list((ROOT / "training_jobs").glob("*/train.py"))

    assert scripts
    assert all(len(script.read_text().splitlines()) < 60 for script in scripts)
