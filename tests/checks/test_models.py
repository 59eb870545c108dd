"""What every model's serving code must hold, found by the catalogue."""

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from mlops_platform.bundle.signature import Signature
from mlops_platform.config.models import MODELS

NAMES = [model.name for model in MODELS]
OFFLINE = ("mlflow", "pandas", "sklearn", "xgboost", "scipy", "pyarrow", "onnxmltools", "skl2onnx")


@pytest.fixture(params=NAMES)
def signature(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(f"mlops_platform.models.{request.param}.signature")


def test_a_request_without_anything_names_every_required_field(signature: ModuleType) -> None:
    required = {field.name for field in signature.REQUEST if field.required}
    assert {
        problem["field"] for problem in Signature(signature.REQUEST).problems_of({})
    } == required


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "12", True, [1]])
def test_no_number_takes_what_is_not_a_finite_number(signature: ModuleType, value: object) -> None:
    numbers = [field.name for field in signature.REQUEST if field.type == "number"]
    for name in numbers:
        problems = Signature(signature.REQUEST).problems_of({name: value})
        assert name in {problem["field"] for problem in problems}


def test_an_unknown_field_is_a_problem(signature: ModuleType) -> None:
    problems = Signature(signature.REQUEST).problems_of({"no_such_field": 1})
    assert "no_such_field" in {problem["field"] for problem in problems}


@pytest.mark.parametrize("name", NAMES)
def test_inference_imports_nothing_that_only_training_needs(name: str) -> None:
    script = (
        f"import sys, mlops_platform.models.{name}.inference; "
        f"print(*[m for m in {OFFLINE!r} if m in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert finished.stdout.split() == []


@pytest.mark.parametrize("name", NAMES)
def test_every_model_has_a_training_job(name: str) -> None:
    assert importlib.util.find_spec(f"training_jobs.{name}.train") is not None
