"""What users said that the model was not fitted on: their corrections, as a bundle carries them."""

import numpy as np

from mlops_platform.models.categorization.corrections import Corrections
from mlops_platform.models.categorization.dataset import CategorizationDataset
from mlops_platform.models.categorization.text_features import brand_key


def remember(dataset: CategorizationDataset, fitted_until: int, known_before: int) -> Corrections:
    """Return the corrections of transactions that happened after the fit's.

    Older ones are left out: the model has learnt from them already, and from what they had in
    common.

    Parameters
    ----------
    dataset
        Transactions with their labels.
    fitted_until
        The epoch second at which the fit's transactions end.
    known_before
        The epoch second before which a label must have been known.
    """
    rows = dataset.labelled(dataset.timestamp >= fitted_until, known_before)
    memory = Corrections()
    for row in rows[np.argsort(dataset.known_timestamp[rows], kind="stable")]:
        user = dataset.user(row)
        if user:
            brand = brand_key(dataset.transactions[row].descriptor)
            memory.learn(user, brand, str(dataset.category[row]))
    return memory
