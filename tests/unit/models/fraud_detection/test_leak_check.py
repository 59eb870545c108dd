import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.errors import LabelLeakageError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.models.fraud_detection.leak_check import Features, check_features
from tests.unit.models.fraud_detection.small_world import small_dataset

Rows = NDArray[np.float32]


@pytest.fixture(scope="module")
def dataset() -> FraudDataset:
    return small_dataset(30)


def middle(dataset: FraudDataset) -> int:
    return int(dataset.timestamp[0]) + 18 * DAY_SECONDS


def test_the_models_own_features_do_not_look_ahead(dataset: FraudDataset) -> None:
    check_features(dataset, dataset.features(), middle(dataset), FraudDataset.features)


def planted(name: str, column: NDArray[np.float64], dataset: FraudDataset) -> Rows:
    rows = dataset.features()
    rows[:, FEATURE_NAMES.index(name)] = column
    return rows


def eventual_merchant_risk(dataset: FraudDataset) -> Rows:
    """A merchant's share of frauds over all labels, those of later days too."""
    frauds = np.bincount(dataset.merchant, dataset.is_fraud)
    risk = frauds / np.maximum(np.bincount(dataset.merchant), 1)
    return planted("merchant_risk_all", risk[dataset.merchant], dataset)


def own_label(dataset: FraudDataset) -> Rows:
    return planted("user_n_1h", dataset.is_fraud.astype(np.float64), dataset)


def tomorrows_spending(dataset: FraudDataset) -> Rows:
    total = np.bincount(dataset.user, dataset.amount_minor.astype(np.float64))
    return planted("user_mean_all", total[dataset.user].astype(np.float64), dataset)


@pytest.mark.parametrize(
    ("leak", "name"),
    [
        (eventual_merchant_risk, "merchant_risk_all"),
        (own_label, "user_n_1h"),
        (tomorrows_spending, "user_mean_all"),
    ],
)
def test_a_feature_that_knows_the_future_fails_and_is_named(
    dataset: FraudDataset, leak: Features, name: str
) -> None:
    with pytest.raises(LabelLeakageError, match=rf"later: {name}\."):
        check_features(dataset, leak(dataset), middle(dataset), leak)
