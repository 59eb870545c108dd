"""How sure the difference of two models on the same rows is: a paired bootstrap over users."""

import math
import warnings
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap

from mlops_platform.training.paired_difference import PairedMetric

CONFIDENCE: Final = 0.95
N_RESAMPLES: Final = 1_000
# A bootstrap of few blocks is too sure of itself; the jackknife's are fewer.
N_BLOCKS: Final = 200
# Draws that are measured at one time.
_BATCH: Final = 100


def paired_interval(
    candidate: NDArray[Any],
    best: NDArray[Any],
    truth: NDArray[Any],
    block: NDArray[np.int64],
    metric: PairedMetric,
    *,
    random_state: int,
) -> dict[str, float] | None:
    """Return candidate minus best in a metric with its bias-corrected, accelerated interval.

    Whole blocks are drawn, with both models' answers to their rows.

    Parameters
    ----------
    candidate, best : of shape (n,)
        Both models' scores or answers.
    truth : of shape (n,)
        What is true of each row.
    block : of shape (n,)
        Which block a row belongs to; all rows of a user share one, as `user_blocks` gives them.
    metric
        What is compared.
    random_state
        Seed of the draws.

    Returns
    -------
    dict or None
        ``difference``, ``low`` and ``high``, of which the last two hold the true difference with
        `CONFIDENCE`. None where some draw leaves the metric undefined, as average precision is
        when it has no fraud: too few blocks hold what matters.

    References
    ----------
    .. [1] Efron 1987, "Better bootstrap confidence intervals", eq. 6.6 and 6.8.
    .. [2] Field and Welsh 2007, "Bootstrapping clustered data", section 3: the cluster bootstrap.
    """
    names, code = np.unique(block, return_inverse=True)
    n_blocks = len(names)
    of_candidate = metric.of_draws(truth, candidate, code)
    of_best = metric.of_draws(truth, best, code)

    def difference(times: NDArray[np.float64]) -> NDArray[np.float64]:
        return of_candidate(times) - of_best(times)

    def of_blocks(drawn: NDArray[np.int64], axis: int) -> NDArray[np.float64]:
        del axis  # always the last
        draws = np.atleast_2d(drawn)
        cell = draws + n_blocks * np.arange(len(draws))[:, None]
        times = np.bincount(cell.ravel(), minlength=len(draws) * n_blocks)
        return difference(times.reshape(-1, n_blocks).astype(np.float64)).reshape(drawn.shape[:-1])

    if n_blocks == 1:
        return None
    centre = float(difference(np.ones((1, n_blocks)))[0])
    left_out = difference(1.0 - np.eye(n_blocks))
    if np.ptp(left_out) == 0.0:
        # The models differ nowhere, or everywhere alike.
        return {"difference": centre, "low": centre, "high": centre}
    with warnings.catch_warnings():
        # Told by None.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        interval = bootstrap(
            (np.arange(n_blocks),),
            of_blocks,
            n_resamples=N_RESAMPLES,
            batch=_BATCH,
            vectorized=True,
            axis=-1,
            confidence_level=CONFIDENCE,
            method="BCa",
            rng=np.random.default_rng(random_state),
        ).confidence_interval
    low, high = float(interval.low), float(interval.high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return {"difference": centre, "low": low, "high": high}
