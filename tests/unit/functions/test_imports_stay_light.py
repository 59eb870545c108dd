"""What serves starts in a moment and fits 250 MB only while nothing heavy sneaks in."""

import json
import os
import subprocess
import sys

import pytest

from tests.unit.functions.handlers import FUNCTIONS

HEAVY = {"mlflow", "pandas", "scipy", "sklearn", "torch", "xgboost"}
# Functions whose layers hold numpy; the others would not start with it.
WITH_NUMPY = {
    "answer_monitoring",
    "compact_profiles",
    "detect_drift",
    "start_retraining",
    "ingest_predictions",
    "join_feedback",
    "predict",
    "score_object",
    "validate_data",
}
NAMES = sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))
LIBRARY = FUNCTIONS.parent / "layers" / "platform" / "python"
PROGRAM = "import handler, json, sys; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("name", NAMES)
def test_importing_a_handler_needs_neither_environment_nor_anything_heavy(name: str) -> None:
    environment = {
        "PYTHONPATH": os.pathsep.join([str(FUNCTIONS / name), str(LIBRARY)]),
        "PATH": os.environ["PATH"],
    }

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    imported = {module.partition(".")[0] for module in json.loads(done.stdout)}
    assert not imported & HEAVY
    assert name in WITH_NUMPY or "numpy" not in imported
