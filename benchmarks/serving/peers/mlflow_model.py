"""Save a booster as an MLflow model that takes a tensor: ``python mlflow_model.py FILE FOLDER``.

It runs in MLflow's own environment.
"""

import sys

import mlflow.xgboost
import numpy as np
import xgboost
from mlflow.models import ModelSignature
from mlflow.types import Schema, TensorSpec


def main(booster_file: str, folder: str) -> None:
    """Load the booster and save it with a signature, which the server checks requests against."""
    booster = xgboost.Booster(model_file=booster_file)
    rows = TensorSpec(np.dtype(np.float32), (-1, booster.num_features()))
    probabilities = TensorSpec(np.dtype(np.float32), (-1,))
    mlflow.xgboost.save_model(
        booster, folder, signature=ModelSignature(Schema([rows]), Schema([probabilities]))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
