"""The days of training that production is compared with."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.reference_window import reference_window
from mlops_platform.training.splits import TimeSplit

SCORE_NAME: Final = "fraud_probability"


def learn_reference(
    dataset: FraudDataset,
    features: NDArray[np.float32],
    classifier: OnnxClassifier,
    split: TimeSplit,
) -> ReferenceProfile:
    """Count the days of the reference window, all of their transactions, labelled or not.

    Parameters
    ----------
    dataset, features
        All transactions before `as_of` and their rows of shape (n, n_features).
    classifier
        The exported graph, because its scores are what is served.
    split
        The windows.
    """
    chosen = reference_window(dataset.timestamp, split)
    rows = features[chosen]
    return ReferenceProfile.learn(
        FEATURE_NAMES,
        rows,
        classifier.predict_proba(rows),
        dataset.timestamp[chosen] // DAY_SECONDS,
        score_name=SCORE_NAME,
    )
