"""Train churn: what SageMaker's container runs as ``train.py train``.

Reads /opt/ml/input, writes /opt/ml/model (bundle, evaluation.json) or
/opt/ml/output/failure. SELFMONITOR_ML_ROOT relocates /opt/ml.
"""

import sys

from mlops_platform.models.churn.training import train_churn
from mlops_platform.training.job import run_training_job

if __name__ == "__main__":
    sys.exit(run_training_job(train_churn))
