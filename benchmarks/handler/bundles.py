"""Bundles to serve: those of training jobs on a small world."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World

_ROOT: Final = Path(__file__).parents[2]
_WORLD: Final = World(seed=3, n_users=200, n_merchants=300)
_FIRST_DAY: Final = date(2025, 1, 6)
_N_DAYS: Final = 60
_AS_OF: Final = "2025-03-07T02:00:00Z"


def trained_jobs(folder: Path, models: list[str]) -> dict[str, Path]:
    """Return each model's job folder below `folder`, trained there unless it is already.

    A job's folder stands for its container's ``/opt/ml``: ``model/bundle`` is the bundle.

    Raises
    ------
    RuntimeError
        A job failed; the message ends as its log does.
    """
    data = folder / "data"
    missing = [name for name in models if not (folder / name / "model/bundle").exists()]
    if missing and not data.exists():
        last = _FIRST_DAY + timedelta(days=_N_DAYS - 1)
        write_days(_WORLD, data, _FIRST_DAY, last, since=_FIRST_DAY)
    for name in missing:
        _train(name, folder / name, data)
    return {name: folder / name for name in models}


def _train(model_name: str, root: Path, data: Path) -> None:
    config = root / "input/config"
    config.mkdir(parents=True)
    (root / "input/data").symlink_to(data.resolve())
    given = {"model_name": model_name, "as_of": _AS_OF, "search": "quick", "random_state": "1"}
    (config / "hyperparameters.json").write_text(json.dumps(given))
    environment = {name: value for name, value in os.environ.items() if "MLFLOW" not in name}
    finished = subprocess.run(
        [sys.executable, str(_ROOT / "training_jobs" / model_name / "train.py"), "train"],
        env={**environment, "SELFMONITOR_ML_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"Training {model_name} failed:\n{finished.stderr[-2000:]}")
