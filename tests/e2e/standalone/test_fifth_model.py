"""A fifth model, added to a copy of this repository by CONTRIBUTING's recipe, passes the checks."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.models.training_job import evaluation, run_job

ROOT = Path(__file__).parents[3]
# The recipe's new files, each where it belongs.
NEW_FILES = Path(__file__).parent / "fifth_model"
# What is built once and takes long; no check changes it.
BUILT = (".build", ".venv")
LIBRARY = "layers/platform/python/mlops_platform"
CHURN = f"{LIBRARY}/models/churn"

TABLE = """MEMBERSHIPS: Final = TableSchema(
    "memberships",
    (
        Column(name="user_id", kind=Kind.IDENTIFIER),
        Column(name="timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="days_since_last", kind=Kind.NUMBER),
        Column(name="n_30d", kind=Kind.NUMBER),
        Column(name="n_90d", kind=Kind.NUMBER),
        Column(name="has_left", kind=Kind.BOOLEAN, nullable=True),
        Column(name="label_timestamp", kind=Kind.TIMESTAMP, nullable=True, past=True),
    ),
)
"""
ENTRY = """    ModelConfig(
        name="churn",
        model_type="linear",
        accuracy_threshold=0.8,
        primary_metric="average_precision",
        search_space={"logistic_regression": {"penalty": Range(0.001, 1000.0, log=True)}},
        tables=("memberships",),
        answer_name="has_left",
    ),
"""
METHOD = '''
    async def run_churn_training(self, *, as_of: datetime | None = None) -> bool:
        """Train churn, by default on all data until now; see `run_training`."""
        return await self.run_training("churn", as_of=as_of)
'''
INFRASTRUCTURE = "tests/infrastructure"
# The check suite: lint, and every test that is asked of each model of the catalogue.
PYTEST = ("pytest", "-v", "-p", "no:cacheprovider")
CHECKS = {
    "types": ("mypy", CHURN, "training_jobs/churn", "tests/unit/models/churn"),
    "every model's tests": (
        *(*PYTEST, "tests/checks", "tests/unit/config/test_model_config.py"),
        "tests/unit/sdk/test_training_pipeline.py::test_every_model_has_a_method_of_its_own",
        "tests/unit/functions/answer_api/test_models.py",
    ),
    "its own tests": (*PYTEST, "tests/unit/models/churn", CHURN),
    "templates": (
        *(*PYTEST, f"{INFRASTRUCTURE}/test_http_api.py"),
        f"{INFRASTRUCTURE}/test_state_machines.py::test_every_model_has_a_training_workflow",
    ),
    "format": ("ruff", "format", "--check", "."),
    "style": ("ruff", "check", "."),
    "architecture": ("lint-imports",),
}
N_PARALLEL = 2
Finished = Future[subprocess.CompletedProcess[str]]

AS_OF = datetime(2025, 3, 7, 2, tzinfo=UTC)
N_DAYS = 90
N_USERS_A_DAY = 40
DELAY = timedelta(days=5)
ASKED = {"days_since_last": 70.0, "n_30d": 0.0, "n_90d": 9.0}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository with the model in it."""
    folder = tmp_path_factory.mktemp("checkout") / "repository"
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))
    for name in BUILT:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(NEW_FILES, folder, dirs_exist_ok=True)
    tables = folder / LIBRARY / "data/tables.py"
    insert(tables, TABLE, before="TABLES: Final = {\n")
    insert(tables, "        MEMBERSHIPS,\n", before="    )\n}\n")
    insert(folder / LIBRARY / "config/models.py", ENTRY, before=")\n\n\ndef model_named(")
    with (folder / LIBRARY / "sdk/training_pipeline.py").open("a") as pipeline:
        pipeline.write(METHOD)
    return folder


def insert(path: Path, text: str, *, before: str) -> None:
    source = path.read_text()
    assert source.count(before) == 1
    path.write_text(source.replace(before, text + before))


def run(checkout: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment as a person does who works in the copy."""
    path = f"{checkout}:{checkout / 'layers/platform/python'}"
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def checks(checkout: Path) -> Iterator[dict[str, Finished]]:
    """The check suite, running in the copy."""
    with ThreadPoolExecutor(N_PARALLEL) as executor:
        yield {name: executor.submit(run, checkout, *command) for name, command in CHECKS.items()}


def assert_passes(finished: subprocess.CompletedProcess[str]) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr


def memberships() -> pa.Table:
    """Users as they were seen each day: who paid long ago, and rarely, has mostly left.

    Of the last days nobody knows yet who has.
    """
    random = np.random.default_rng(0)
    n = N_DAYS * N_USERS_A_DAY
    seen = [
        AS_OF - timedelta(days=N_DAYS - row // N_USERS_A_DAY, minutes=row % N_USERS_A_DAY)
        for row in range(n)
    ]
    n_90d = random.poisson(9, n)
    n_30d = random.binomial(n_90d, random.uniform(0, 0.5, n))
    days_since_last = random.exponential(np.where(n_30d > 0, 8.0, 45.0))
    log_odds = 1.5 * np.log1p(days_since_last) - 1.2 * np.log1p(n_30d) - 2.5
    unknown = np.array([moment + DELAY >= AS_OF for moment in seen])
    has_left = random.random(n) < 1 / (1 + np.exp(-log_odds))
    return pa.table(
        {
            "user_id": [f"u{row % 700}" for row in range(n)],
            "timestamp": seen,
            "days_since_last": days_since_last,
            "n_30d": n_30d,
            "n_90d": n_90d,
            "has_left": pa.array(has_left, mask=unknown),
            "label_timestamp": pa.array([moment + DELAY for moment in seen], mask=unknown),
        }
    )


@pytest.fixture(scope="module")
def trained(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a finished training job."""
    root = tmp_path_factory.mktemp("job")
    channel = root / "input/data/memberships"
    channel.mkdir(parents=True)
    pq.write_table(memberships(), channel / "part-0.parquet")
    finished = run_job("churn", root, as_of=f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}", checkout=checkout)
    assert finished.returncode == 0, finished.stderr
    return root


def answers(checkout: Path, bundle: Path, request: Mapping[str, float]) -> dict[str, Any]:
    """Ask a bundle as serving does: the model's code is found by its name."""
    script = (
        "import json, pathlib, sys\n"
        "from mlops_platform.serving.inference import load_inference\n"
        "inference = load_inference('churn', pathlib.Path(sys.argv[1]))\n"
        "request = json.loads(sys.argv[2])\n"
        "inference.validate(request)\n"
        "print(json.dumps(inference.predict_batch([request], {})[0]))\n"
    )
    finished = run(checkout, "python", "-c", script, str(bundle), json.dumps(request))
    assert_passes(finished)
    return dict(json.loads(finished.stdout))


@pytest.mark.parametrize("name", CHECKS)
def test_it_passes_the_checks(checks: Mapping[str, Finished], name: str) -> None:
    assert_passes(checks[name].result())


def test_the_checks_of_every_model_found_it(checks: Mapping[str, Finished]) -> None:
    shown = checks["every model's tests"].result().stdout
    assert "test_every_model_has_a_training_job[churn] PASSED" in shown
    assert "test_every_model_has_a_method_of_its_own[churn] PASSED" in shown


def test_its_training_makes_a_bundle_that_answers(checkout: Path, trained: Path) -> None:
    report = evaluation(trained)

    assert report["metrics"]["accuracy"] > 0.7
    assert report["contract"]["parity_max_abs_diff"] <= 1e-5
    answer = answers(checkout, trained / "model/bundle", ASKED)
    assert answer["has_left"] is True
    assert answer["churn_probability"] > answer["threshold"]


def test_its_champion_is_measured_beside_it(checkout: Path, trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained / "input/data", tmp_path / "input/data")
    shutil.copytree(trained / "model/bundle", tmp_path / "input/data/champion")

    finished = run_job("churn", tmp_path, as_of=f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}", checkout=checkout)

    assert finished.returncode == 0, finished.stderr
    assert evaluation(tmp_path)["champion"]["paired"]["difference"] == 0.0
