"""The numbers of a transaction in which drift of categorization's inputs is looked for.

The model's own inputs are millions of hashed n-grams. What goes wrong with them shows in these: an
amount in another unit, descriptors that are cut or empty, brands that nobody has seen.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.categorization.features import Transaction
from mlops_platform.models.categorization.text_features import brand_key

NAMES: Final = (
    "log_amount",
    "description_length",
    "description_words",
    "description_digits",
    "is_corrected",
    "is_online",
)
ONLINE: Final = "online"


def monitored_rows(
    transactions: Sequence[Transaction], votes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the monitored numbers of n transactions, of shape (n, len(NAMES)).

    Parameters
    ----------
    transactions
        The transactions.
    votes
        `Corrections.votes` of each, of shape (n, n_classes).
    """
    rows = [
        (
            math.log(abs(each.amount)) if each.amount else math.nan,
            len(each.descriptor),
            len(brand_key(each.descriptor).split()),
            sum(sign.isdigit() for sign in each.descriptor),
            n_votes > 0,
            each.context.get("channel") == ONLINE,
        )
        for each, n_votes in zip(transactions, votes.sum(axis=1), strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))
