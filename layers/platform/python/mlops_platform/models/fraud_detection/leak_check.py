"""Fraud features against the leak check: the same past, another future."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.fraud_detection.dataset import NOT_KNOWN, FraudDataset
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.training.leakage import check_no_leak

Features = Callable[[FraudDataset], NDArray[np.float32]]


def check_features(
    dataset: FraudDataset, rows: NDArray[np.float32], moment: int, compute: Features
) -> None:
    """Compute the features up to a moment again, in a world that turned out otherwise.

    Parameters
    ----------
    dataset, rows
        Transactions and their features of shape (n, n_features).
    moment
        Epoch second after which the other world differs.
    compute
        The feature code that is checked.

    Raises
    ------
    LabelLeakageError
        A feature differs between the two.
    """
    past = dataset.timestamp <= moment
    checked = dataset.take(past)
    later = (checked.known_timestamp > moment) & (checked.known_timestamp != NOT_KNOWN)
    otherwise = replace(checked, is_fraud=np.where(later, 1 - checked.is_fraud, checked.is_fraud))
    check_no_leak(FEATURE_NAMES, rows[past], compute(otherwise))
