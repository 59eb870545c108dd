"""The numbers of a request in which drift of recommendation's inputs is looked for.

The model's own inputs are item numbers. What goes wrong with them shows in these: histories that
come empty or cut, products under other ids, columns with other values or none.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.recommendation.catalogue import Catalogue, Customer
from mlops_platform.models.recommendation.signature import COLUMNS

NAMES: Final = ("n_owned", "known_share", *COLUMNS)


def monitored_rows(catalogue: Catalogue, customers: Sequence[Customer]) -> NDArray[np.float32]:
    """Return the monitored numbers of n customers, of shape (n, len(NAMES)).

    They are how many items a customer has, the share of them that training knew (NaN if there are
    none), and the code of each column's value (see `Catalogue.column_code`).
    """
    rows = [
        (
            len(each.owned),
            _known_share(catalogue, each.owned),
            *(catalogue.column_code(name, each.columns.get(name)) for name in COLUMNS),
        )
        for each in customers
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))


def _known_share(catalogue: Catalogue, owned: Sequence[str]) -> float:
    if not owned:
        return math.nan
    return sum(each in catalogue.number for each in owned) / len(owned)
