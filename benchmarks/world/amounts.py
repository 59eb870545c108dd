"""How large amounts are and how they end."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

ENDINGS: Final = {"cents_00_share": 0, "cents_99_share": 99, "cents_50_share": 50}


def amounts(amount_minor: NDArray[np.int64]) -> dict[str, float]:
    """Return log moments of what was paid, shares of endings and of refunds.

    Parameters
    ----------
    amount_minor
        Pence, negative for a refund, of shape (n,).
    """
    mean, sigma = log_moments(amount_minor)
    ending = np.abs(amount_minor) % 100
    return {
        "log_amount_mean": mean,
        "log_amount_sd": sigma,
        **{name: float((ending == pence).mean()) for name, pence in ENDINGS.items()},
        "refund_share": float((amount_minor < 0).mean()),
    }


def log_moments(amount_minor: NDArray[np.int64]) -> tuple[float, float]:
    """Return mean and standard deviation of the natural log of pounds paid; refunds do not count.

    Parameters
    ----------
    amount_minor
        Pence, of shape (n,).
    """
    logs = np.log(amount_minor[amount_minor > 0] / 100.0)
    return float(logs.mean()), float(logs.std())


def moments_by_kind(
    amount_minor: NDArray[np.int64], kind: NDArray[np.int64], names: Mapping[int, str]
) -> dict[str, float]:
    """Return log moments of each kind of merchants that has a name and transactions."""
    moments = {}
    for number, name in names.items():
        rows = kind == number
        if rows.any():
            moments[f"log_mean_{name}"], moments[f"log_sd_{name}"] = log_moments(amount_minor[rows])
    return moments
