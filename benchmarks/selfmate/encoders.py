"""What fine-tuning the encoder is worth: ``python -m benchmarks.selfmate.encoders``.

SelfMate's training job runs twice on one world's utterances, with the encoder as published and
fine-tuned, and both bundles are asked the same dialogues in wordings that nobody learnt. It takes
torch: run it by `.local/finetune/bin/python`, which `make test-finetune` sets up. The last line is
JSON.
"""

import argparse
import json
import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from threadpoolctl import threadpool_limits

from benchmarks.selfmate.askers import Asker, askers
from benchmarks.selfmate.dialogues import N_DAYS, N_USERS, SEED, TODAY, measured
from mlops_platform.data.world.files import write_utterances
from mlops_platform.data.world.world import World
from mlops_platform.models.selfmate.inference import SelfMateInference
from mlops_platform.models.selfmate.job_encoder import FINE_TUNE
from mlops_platform.models.selfmate.training import train_selfmate
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.run import BUNDLE, EVALUATION

_WORLD: Final = World(seed=5, n_users=40)
_SPLITS: Final = ("test", "fresh")
_TOLD: Final = ("accuracy", "intent_accuracy", "slot_f1", "oos_auroc", "rejected_in_scope")


def main() -> None:
    """Train both ways, ask, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selfmate.encoders")
    parser.add_argument("--days", type=int, default=14, help="of utterances to learn from")
    parser.add_argument("--dialogues", type=int, default=300, help="how many, in each wording")
    arguments = parser.parse_args()
    people = askers(World(seed=SEED, n_users=N_USERS), TODAY, N_DAYS)
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        results = {
            name: _trained_and_asked(
                Path(folder, name), tunes, arguments.days, people, arguments.dialogues
            )
            for name, tunes in (("published", "false"), ("tuned", "true"))
        }
    print(json.dumps(results))


def _trained_and_asked(
    root: Path, fine_tune: str, n_days: int, people: list[Asker], n_dialogues: int
) -> dict[str, Any]:
    """Return what the job measured on held-out wordings, and how its bundle answers dialogues."""
    first = TODAY - timedelta(days=n_days)
    write_utterances(_WORLD, root / "input/data", first, TODAY - timedelta(days=1))
    midnight = datetime.combine(TODAY, time(), UTC)
    hyperparameters = {
        "as_of": f"{midnight:%Y-%m-%dT%H:%M:%SZ}",
        "search": "quick",
        FINE_TUNE: fine_tune,
    }
    job = TrainingJob(root, hyperparameters)
    job.model_folder.mkdir(parents=True)
    train_selfmate(job)
    metrics = json.loads((job.model_folder / EVALUATION).read_text())["metrics"]
    inference = SelfMateInference.from_folder(job.model_folder / BUNDLE)
    asked = {split: measured(inference, people, n_dialogues, split) for split in _SPLITS}
    return {
        **{name: metrics[name] for name in _TOLD},
        **{f"{split}_answers": asked[split]["answer_accuracy"] for split in _SPLITS},
        **{f"{split}_dialogues": asked[split]["dialogue_accuracy"] for split in _SPLITS},
    }


if __name__ == "__main__":
    main()
