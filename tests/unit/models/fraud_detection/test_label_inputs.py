"""Which inputs are made of labels: those that change when nothing but the labels does."""

from dataclasses import replace
from fnmatch import fnmatch

import numpy as np

from mlops_platform.config.models import model_named
from mlops_platform.models.fraud_detection.dataset import NOT_KNOWN
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from tests.unit.models.fraud_detection.small_world import small_dataset


def test_the_catalogue_names_exactly_the_inputs_that_labels_change() -> None:
    dataset = small_dataset(60)
    known = dataset.known_timestamp != NOT_KNOWN
    otherwise = replace(dataset, is_fraud=np.where(known, 1 - dataset.is_fraud, dataset.is_fraud))
    before, after = dataset.features(), otherwise.features()
    same = (before == after) | (np.isnan(before) & np.isnan(after))

    changed = {name for name, column in zip(FEATURE_NAMES, same.T, strict=True) if not column.all()}

    patterns = model_named("fraud_detection").label_inputs
    assert changed == {n for n in FEATURE_NAMES if any(fnmatch(n, each) for each in patterns)}
