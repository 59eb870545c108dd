"""A user's history as a row of weights: the newest items count most. Serving computes the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recency:
    """How much each item of a history counts.

    Parameters
    ----------
    power
        The weight is an item's place, 1 for the newest, to minus this power; 0 weighs all alike.
    as_shares
        Whether the weights of a history are divided by their sum.

    Examples
    --------
    >>> Recency(0.0, as_shares=False).weights(np.array([2.0, 1.0], dtype=np.float32))
    array([1., 1.], dtype=float32)
    """

    power: float
    as_shares: bool = True

    def weights(self, place: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weights of one history's items by their places, of shape (n,)."""
        if self.as_shares:
            return recency_weights(place, self.power)
        return np.asarray(np.asarray(place, dtype=np.float64) ** -self.power, dtype=np.float32)


def recency_weights(place: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """Return what each item of one history counts, summing to 1.

    Parameters
    ----------
    place : of shape (n,)
        1 for the newest item, 2 for the one before; equal where the order is not known.
    power
        The weight is place to minus this power; 0 weighs all alike.

    Examples
    --------
    >>> recency_weights(np.array([1.0, 2.0, 4.0], dtype=np.float32), 1.0).round(2)
    array([0.57, 0.29, 0.14], dtype=float32)
    """
    weight = np.asarray(place, dtype=np.float64) ** -power
    return np.asarray(weight / max(weight.sum(), 1.0e-12), dtype=np.float32)
