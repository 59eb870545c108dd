"""The leak check: what becomes known after a moment must not change a feature before it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import LabelLeakageError


def check_no_leak(
    names: Sequence[str], rows: NDArray[np.float32], rows_of_another_future: NDArray[np.float32]
) -> None:
    """Compare features computed from the same past and two different futures.

    Parameters
    ----------
    names
        The features' names.
    rows, rows_of_another_future : of shape (n, n_features)
        Features of the transactions up to a moment: once as they are, once with every later
        transaction taken away and every label that became known later turned round.

    Raises
    ------
    LabelLeakageError
        A feature differs: it knows what nobody could know. It names them all.
    """
    same = (rows == rows_of_another_future) | (np.isnan(rows) & np.isnan(rows_of_another_future))
    leaking = [name for name, column in zip(names, same.T, strict=True) if not column.all()]
    if leaking:
        raise LabelLeakageError(
            f"These features change with what becomes known only later: {', '.join(leaking)}. "
            "Their scores would not hold in production. Compute them from labels known before the "
            "transaction's time less the feature's lag."
        )
