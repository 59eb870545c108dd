"""How far a day lies from the days of a reference, in units of what those days differ by.

The day is the block: purchases of one day depend on each other through their users and merchants,
so a test that takes them for independent finds drift in every large sample. How much days differ is
therefore learnt from the reference's own days, weekday by weekday; and where days follow each
other closely, as a sum over thirty days does, few of them are independent, and little is proved.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

# What is measured of a day's values: whether they lie higher or lower than the reference's, whether
# they lie further out or closer to the middle, and which share is null.
MEASURES: Final = ("location", "spread", "missing")
DAYS_A_WEEK: Final = 7
# Variances, for one value without drift, of the first two measures: those of Legendre's first two
# polynomials of a uniform rank.
_VARIANCES: Final = (1 / 3, 1 / 5)
# However closely days follow each other, four weeks are worth a little more than one day.
_MAX_DEPENDENCE: Final = 0.95


@dataclass(frozen=True)
class Excess:
    """How far current days lie from the reference's.

    Parameters
    ----------
    effect
        Differences of the measures, of shape (n_current, 3). Location is the chance that a value
        is above a reference value minus the chance that it is below (Cliff's delta, -1 to 1),
        spread lies within -1.5 to 1.5, missing is a difference of shares.
    statistic
        The same in standard errors of a prediction; Student's t where nothing drifted.
    degrees_of_freedom
        How many independent days that t rests on, whole numbers >= 1 of shape (3,).
    """

    effect: Floats
    statistic: Floats
    degrees_of_freedom: Int64s


@dataclass(frozen=True)
class Calendar:
    """The weekdays of reference and current days, and how far the former predict the latter.

    Parameters
    ----------
    design, current
        Indicators of the weekday, of shapes (n_reference, p) and (n_current, p); one column of
        ones instead where the reference does not hold every weekday twice.
    """

    design: Floats
    current: Floats

    @classmethod
    def of(cls, reference: tuple[date, ...], current: tuple[date, ...]) -> "Calendar":
        """Return the calendar of two lists of days."""
        days = np.eye(DAYS_A_WEEK)
        design = days[[day.weekday() for day in reference]]
        if (design.sum(axis=0) >= 2).all():  # noqa: PLR2004 - one day has no variance
            return cls(design, days[[day.weekday() for day in current]])
        return cls(np.ones((len(reference), 1)), np.ones((len(current), 1)))

    def leverage(self) -> Floats:
        """Return the variance of each current day's prediction over that of a day, (n_current,)."""
        leverage: Floats = self.current**2 @ (1 / self.design.sum(axis=0))
        return leverage


def excess(reference: Int64s, current: Int64s, calendar: Calendar) -> Excess:
    """Measure how far current days lie from a reference.

    Parameters
    ----------
    reference, current
        Counts of one input's bins by day, of shapes (n_reference, n_bins) and
        (n_current, n_bins), in ascending order of the bins' values; the last bin is null.
    calendar
        Of the same days.

    Notes
    -----
    A measure y of the reference's days is fitted by its weekdays' means. The residuals' variance
    s² and first autocorrelation r (with the bias that few days give it taken back [1]_) say how
    days differ: n days are worth n / v independent ones with v = (1 + r) / (1 - r) [2]_, so the
    variance of a day is s² / (1 - v / n), and that of a day minus its prediction is that times
    1 + v h, with the leverage h of its weekday. The variance of a day is not taken below what
    sampling so many values alone brings, and grows with it where the day holds fewer.

    References
    ----------
    .. [1] Marriott and Pope 1954, "Bias in the estimation of autocorrelations", Biometrika 41.
    .. [2] Bayley and Hammersley 1946, "The effective number of independent observations in an
       autocorrelated time series", J. R. Stat. Soc. Suppl. 8.
    """
    pool = reference.sum(axis=0)
    before, after = _measures(reference, pool), _measures(current, pool)
    fit = (calendar.design.T @ before) / calendar.design.sum(axis=0)[:, None]
    residuals = before - calendar.design @ fit
    n_days, freedom = len(before), len(before) - calendar.design.shape[1]
    dependence = _dependence(residuals)
    day = (residuals**2).sum(axis=0) / freedom / (1 - dependence / n_days)
    sizes, usual = _sizes(current), _sizes(reference).mean(axis=0)
    day = np.maximum(day * np.maximum(usual / sizes, 1.0), _sampling_variance(pool, sizes))
    effect = after - calendar.current @ fit
    return Excess(
        effect=effect,
        statistic=effect / np.sqrt(day * (1 + dependence * calendar.leverage()[:, None])),
        degrees_of_freedom=np.maximum(freedom / dependence, 1.0).astype(np.int64),
    )


def _measures(counts: Int64s, pool: Int64s) -> Floats:
    """Return location, spread and share of nulls of each day, of shape (n_days, 3)."""
    ranks = pool[:-1].astype(np.float64)
    total = max(ranks.sum(), 1.0)
    # From -1 to 1: 0 is the reference's median.
    middle = 2 * (np.cumsum(ranks) - ranks / 2) / total - 1
    values = counts[:, :-1] / np.maximum(counts[:, :-1].sum(axis=1, keepdims=True), 1)
    missing = counts[:, -1] / np.maximum(counts.sum(axis=1), 1)
    return np.stack([values @ middle, values @ (1.5 * middle**2 - 0.5), missing], axis=1)


def _sizes(counts: Int64s) -> Floats:
    """Return how many values each measure of each day rests on, of shape (n_days, 3)."""
    values = np.maximum(counts[:, :-1].sum(axis=1), 1)
    return np.stack([values, values, np.maximum(counts.sum(axis=1), 1)], axis=1).astype(np.float64)


def _sampling_variance(pool: Int64s, sizes: Floats) -> Floats:
    """Return the variance of each measure of independent values, of shape (n_days, 3)."""
    rate = (pool[-1] + 1) / (pool.sum() + 2)
    variance = np.empty_like(sizes)
    variance[:, :2] = np.array(_VARIANCES) / sizes[:, :2]
    # One null where the reference has none is no wonder: a Poisson count's variance is at least 1.
    variance[:, 2] = (rate * (1 - rate) + 1 / sizes[:, 2]) / sizes[:, 2]
    return variance


def _dependence(residuals: Floats) -> Floats:
    """Return how many days are worth one independent day, of shape (3,), at least 1."""
    n_days = len(residuals)
    squares = (residuals**2).sum(axis=0)
    products = (residuals[1:] * residuals[:-1]).sum(axis=0)
    raw = np.divide(products, squares, out=np.zeros(len(squares)), where=squares > 0)
    correlation = np.clip((n_days * raw + 1) / (n_days - 3), 0.0, 0.999)
    # A histogram that creeps changes its shape as it goes: the slower of the two speaks for both.
    correlation[:2] = correlation[:2].max()
    dependence: Floats = (1 + correlation) / (1 - correlation)
    return np.minimum(dependence, _MAX_DEPENDENCE * n_days)
