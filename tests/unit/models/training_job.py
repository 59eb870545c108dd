"""A model's training job, run as its container runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def run_job(
    model_name: str, root: Path, *, as_of: str, checkout: Path = ROOT, **hyperparameters: str
) -> subprocess.CompletedProcess[str]:
    """Run a quick search in the folder that stands for /opt/ml, where the channels lie already."""
    config = root / "input/config"
    config.mkdir(parents=True, exist_ok=True)
    given = {"model_name": model_name, "as_of": as_of, "search": "quick", "random_state": "1"}
    (config / "hyperparameters.json").write_text(json.dumps(given | hyperparameters))
    environment = {
        **os.environ,
        "SELFMONITOR_ML_ROOT": str(root),
        "PYTHONPATH": f"{checkout}:{checkout / 'layers/platform/python'}",
    }
    environment.pop("MLFLOW_TRACKING_URI", None)
    return subprocess.run(
        [sys.executable, str(checkout / "training_jobs" / model_name / "train.py"), "train"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def evaluation(root: Path) -> dict[str, Any]:
    """Return what a job measured."""
    return dict(json.loads((root / "model/evaluation.json").read_text()))
