"""Two models on the same rows: how far apart they are by one metric, and how sure that is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, average_precision_score

from mlops_platform.training.draws import (
    OfDraws,
    accuracy_of_draws,
    average_precision_of_draws,
)

N_BLOCKS: Final = 20


@dataclass(frozen=True, kw_only=True)
class PairedMetric:
    """What two models are compared by; higher is better.

    Parameters
    ----------
    name
        Its name in `evaluation.json`.
    measure
        Takes the truth and a model's answers, both of shape (n,).
    is_defined
        Whether rows with this truth can be measured at all.
    of_draws
        Takes truth, answers and blocks, all of shape (n,), and returns the measure of many draws of
        blocks at once.
    """

    name: str
    measure: Callable[[NDArray[Any], NDArray[Any]], float]
    is_defined: Callable[[NDArray[Any]], bool]
    of_draws: Callable[[NDArray[Any], NDArray[Any], NDArray[np.int64]], OfDraws]


AVERAGE_PRECISION: Final = PairedMetric(
    name="average_precision",
    measure=average_precision_score,
    is_defined=lambda truth: bool(truth.any()),
    of_draws=average_precision_of_draws,
)
ACCURACY: Final = PairedMetric(
    name="accuracy",
    measure=accuracy_score,
    is_defined=lambda truth: len(truth) > 0,
    of_draws=accuracy_of_draws,
)


def user_blocks(names: Iterable[str], n_blocks: int = N_BLOCKS) -> NDArray[np.int64]:
    """Return the block of each user, of shape (n,).

    By name, so that a user stays in a block whatever else is in the table.
    """
    return np.array([crc32(name.encode()) % n_blocks for name in names], dtype=np.int64)


def paired_difference(
    candidate: NDArray[Any],
    champion: NDArray[Any],
    truth: NDArray[Any],
    block: NDArray[np.int64],
    metric: PairedMetric,
) -> dict[str, Any]:
    """Return candidate minus champion in a metric with its jackknife standard error.

    Parameters
    ----------
    candidate, champion : of shape (n,)
        Both models' scores or answers.
    truth : of shape (n,)
        What is true of each row.
    block : of shape (n,)
        Which block a row belongs to. All rows of a user share one, because a user's transactions
        are not independent.
    metric
        What is compared.

    Returns
    -------
    dict
        ``metric``, ``difference``, ``standard_error``, ``n_blocks``. Where the metric is not
        defined without some block, as average precision without any fraud, there is no standard
        error: ``n_blocks`` is then 0, and so is ``standard_error``. The other parts must not stand
        in: they all hold the one block that matters, so they would differ by far too little.

    References
    ----------
    .. [1] Efron and Stein 1981, "The jackknife estimate of variance", eq. 1.4.
    """

    def difference(part: NDArray[np.bool_]) -> float:
        of_candidate = metric.measure(truth[part], candidate[part])
        return float(of_candidate - metric.measure(truth[part], champion[part]))

    summary = {"metric": metric.name, "difference": difference(np.ones(len(truth), dtype=bool))}
    parts = [block != one for one in np.unique(block)]
    if not all(metric.is_defined(truth[part]) for part in parts):
        return {**summary, "standard_error": 0.0, "n_blocks": 0}
    left_out = np.array([difference(part) for part in parts])
    n_blocks = len(parts)
    variance = (n_blocks - 1) / n_blocks * float(np.sum((left_out - left_out.mean()) ** 2))
    return {**summary, "standard_error": float(np.sqrt(variance)), "n_blocks": n_blocks}
