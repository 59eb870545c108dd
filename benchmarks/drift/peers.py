"""What else might decide on a day: common rules, on the very same counts."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.decisions.student_t import quantile

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
# Counts of one input in the reference, of shape (n_days, n_bins), and on a day, of shape (n_bins,);
# the number of inputs; whether the input drifted.
Rule = Callable[[Int64s, Int64s, int], bool]

RATE: Final = 0.05
PSI_LIMIT: Final = 0.2


def kolmogorov_smirnov(reference: Int64s, day: Int64s, n_inputs: int) -> bool:
    """Compare with all reference values, every value taken for independent, with Bonferroni."""
    pool = reference.sum(axis=0)
    distance = np.abs(np.cumsum(pool) / pool.sum() - np.cumsum(day) / day.sum()).max()
    scaled = distance * math.sqrt(pool.sum() * day.sum() / (pool.sum() + day.sum()))
    # The first term of Kolmogorov's series: all that matters in the tail.
    return bool(2 * math.exp(-2 * scaled**2) < RATE / n_inputs)


def stability_index(reference: Int64s, day: Int64s, _: int) -> bool:
    """Compare the population stability index with the customary 0.2."""
    expected, seen = _shares(reference.sum(axis=0)), _shares(day)
    return bool(((seen - expected) * np.log(seen / expected)).sum() > PSI_LIMIT)


def leave_one_day_out(reference: Int64s, day: Int64s, n_inputs: int) -> bool:
    """Compare the day's distance with the distances of each reference day from the others."""
    pool = reference.sum(axis=0)
    own = np.log(_jensen_shannon(reference, pool - reference))
    spread = own.std(ddof=1) * math.sqrt(1 + 1 / len(own))
    far = float(np.log(_jensen_shannon(day, pool))) - own.mean()
    return bool(far > quantile(1 - RATE / n_inputs, len(own) - 1) * max(spread, 1e-9))


def independent_days(reference: Int64s, day: Int64s, n_inputs: int) -> bool:
    """Compare the day's mean rank with those of the reference's days, taken for independent."""
    pool = reference.sum(axis=0)
    rank = (np.cumsum(pool) - pool / 2) / pool.sum()
    own = reference @ rank / reference.sum(axis=1)
    spread = own.std(ddof=1) * math.sqrt(1 + 1 / len(own))
    far = abs(day @ rank / day.sum() - own.mean())
    return bool(far > quantile(1 - RATE / n_inputs / 2, len(own) - 1) * max(spread, 1e-9))


RULES: Final[dict[str, Rule]] = {
    "Kolmogorov-Smirnov, Bonferroni": kolmogorov_smirnov,
    "stability index > 0.2": stability_index,
    "Jensen-Shannon, leave one day out": leave_one_day_out,
    "mean rank, days independent": independent_days,
}


def _shares(counts: Int64s) -> Floats:
    """Return shares, none of them 0."""
    filled = counts + 0.5
    shares: Floats = filled / filled.sum(axis=-1, keepdims=True)
    return shares


def _jensen_shannon(first: Int64s, second: Int64s) -> Floats:
    """Return the divergence of each pair of histograms along the last axis."""
    p, q = _shares(first), _shares(second)
    middle = (p + q) / 2
    divergence: Floats = (p * np.log(p / middle) + q * np.log(q / middle)).sum(axis=-1) / 2
    return divergence
