"""The days of training that production is compared with."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.models.fraud_detection.state_snapshot import end_of_data
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.splits import MAX_REFERENCE_DAYS, TimeSplit

SCORE_NAME: Final = "fraud_probability"


def learn_reference(
    dataset: FraudDataset,
    features: NDArray[np.float32],
    classifier: OnnxClassifier,
    split: TimeSplit,
) -> ReferenceProfile:
    """Count the last complete days before `as_of`, all of their transactions, labelled or not.

    They begin where the fit's rows end, at the latest: scores of rows that a model was fitted on
    are not those that it will give. So they hold the gap before the test window, that window and
    the gap before `as_of`, and reach as close to production as the data does.

    Parameters
    ----------
    dataset, features
        All transactions before `as_of` and their rows of shape (n, n_features).
    classifier
        The exported graph, because its scores are what is served.
    split
        The windows.
    """
    end = end_of_data(dataset, split.as_of)
    first = max(split.validation_end, end - MAX_REFERENCE_DAYS * DAY_SECONDS)
    chosen = (dataset.timestamp >= first) & (dataset.timestamp < end)
    rows = features[chosen]
    return ReferenceProfile.learn(
        FEATURE_NAMES,
        rows,
        classifier.predict_proba(rows),
        dataset.timestamp[chosen] // DAY_SECONDS,
        score_name=SCORE_NAME,
    )
