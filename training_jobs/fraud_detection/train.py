"""Train fraud detection: what SageMaker's container runs as ``train.py train``.

Reads /opt/ml/input, writes /opt/ml/model (bundle, evaluation.json, feature_state.jsonl.gz) or
/opt/ml/output/failure. SELFMONITOR_ML_ROOT relocates /opt/ml.
"""

import logging
import os
import sys
from pathlib import Path

from mlops_platform.models.fraud_detection.training import train_fraud_detection
from mlops_platform.training.job import TrainingJob, write_failure


def main() -> int:
    """Run the job; return the container's exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        job = TrainingJob.from_environment()
    except Exception as error:  # noqa: BLE001 - the platform must learn why nothing ran
        write_failure(Path(os.environ.get("SELFMONITOR_ML_ROOT", "/opt/ml")), error)
        return 1
    return job.run(train_fraud_detection)


if __name__ == "__main__":
    sys.exit(main())
