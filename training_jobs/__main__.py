"""Train the model that the hyperparameters name: what the image runs where no script is named.

SageMaker's tuning jobs cannot name one.
"""

import runpy
import sys

from mlops_platform.config.models import model_named
from mlops_platform.training.job import TrainingJob, run_training_job


def train_named(job: TrainingJob) -> None:
    """Run the script of the hyperparameter ``model_name``, which ends the process."""
    model = model_named(job.hyperparameters.get("model_name", ""))
    runpy.run_module(f"training_jobs.{model.name}.train", run_name="__main__")


if __name__ == "__main__":
    sys.exit(run_training_job(train_named))
