"""Draw what people do: where they buy, how often, and when they report fraud."""

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import stats

from benchmarks.world.amount_plots import FACT, WORLD
from benchmarks.world.facts import FACTS
from benchmarks.world.observed import Labels
from benchmarks.world.paces import month_counts
from benchmarks.world.popularity import descending_counts, zipf_line

_FACT: Final = {fact.name: fact.value or 0.0 for fact in FACTS}
_TOP: Final = 100
# More points than that make a file larger and no plot finer.
_N_POINTS: Final = 64
# Of the mean, on the axis of user-months.
_MOST: Final = 5.0
_MOST_DAYS: Final = 21.0


def draw_popularity(figure: Figure, merchant: NDArray[np.int64]) -> None:
    """Draw each merchant's share by rank, beside a Zipf line with the fact's slope and top 100."""
    axes = figure.subplots()
    counts = descending_counts(merchant)
    rank = np.unique(np.geomspace(1, len(counts), _N_POINTS).astype(np.int64))
    slope, intercept = zipf_line(counts)
    line = np.exp(intercept) * rank**slope / counts.sum()
    axes.plot(rank, counts[rank - 1] / counts.sum(), ".", color=WORLD, label="world")
    axes.plot(rank, line, "--", color=WORLD, label=f"its fit: slope {slope:.2f}")
    law = np.arange(1.0, _TOP + 1) ** _FACT["zipf_slope"]
    scale = _FACT["top_100_share"] / law.sum()
    label = (
        f"a council's cards: slope {_FACT['zipf_slope']:.2f},"
        f"\ntop {_TOP} with {_FACT['top_100_share']:.0%} of transactions"
    )
    axes.plot(rank, scale * rank ** _FACT["zipf_slope"], color=FACT, label=label)
    axes.set(xscale="log", yscale="log", xlabel="rank of a merchant")
    axes.set_ylabel("share of transactions")
    axes.legend(loc="lower left")


def draw_rates(
    figure: Figure, user: NDArray[np.int64], month: NDArray[np.int64], whole_months: int
) -> None:
    """Draw how unequal user-months are, relative to their mean, beside cards and equal people."""
    axes = figure.subplots()
    whole = month < month.min() + whole_months
    counts = month_counts(user[whole], month[whole])
    mean = float(counts.mean())
    ratio = np.linspace(0, _MOST, _N_POINTS)
    more = 1 - np.searchsorted(np.sort(counts), ratio * mean, side="right") / len(counts)
    axes.plot(ratio, more, color=WORLD, label=f"world, mean {mean:.0f} a month")
    mean_fact, dispersion = _FACT["per_month_mean"], _FACT["per_month_dispersion"]
    # Active months have one transaction, and a negative binomial count of further ones.
    further = mean_fact - 1
    chance = further / (mean_fact * dispersion)
    law = stats.nbinom(further * chance / (1 - chance), chance, loc=1)
    steps = np.arange(0, np.ceil(_MOST * mean_fact) + 1)
    label = (
        f"a council's cards, mean {mean_fact:g}, variance/mean {dispersion:g},"
        "\ndrawn as a negative binomial"
    )
    axes.step(steps / mean_fact, law.sf(steps), where="post", color=FACT, label=label)
    equal = stats.poisson(mean).sf(ratio * mean)
    axes.plot(ratio, equal, ":", color="grey", label="if all people were equal (Poisson)")
    axes.set(xlim=(0, _MOST), ylim=(0, 1.02), ylabel="share of user-months with more")
    axes.set_xlabel("transactions of a user-month ÷ their mean")
    axes.legend(loc="upper right")


def draw_delays(figure: Figure, is_fraud: NDArray[np.bool_], labels: Labels) -> None:
    """Draw the share of frauds and of genuine transactions with a right label, by its age."""
    axes = figure.subplots()
    week = _FACT["genuine_delay_median_days"]
    # A step stays one.
    days = np.union1d(np.linspace(0, _MOST_DAYS, _N_POINTS), [week - 0.01, week])
    for truth, colour, label in (
        (True, WORLD, "frauds that are reported"),
        (False, "tab:green", "genuine ones that count as genuine"),
    ):
        rows = is_fraud == truth
        right = np.sort(labels.delay_days[rows & (labels.value == truth)])
        told = np.searchsorted(right, days, side="right") / rows.sum()
        axes.plot(days, told, color=colour, label=f"world: {label}")
    most = 1 - _FACT["fraud_missed_share"]
    axes.axhline(most, color=FACT, linestyle="--", label=f"published: {most:.0%} are ever reported")
    half = _FACT["report_delay_median_days"]
    axes.plot(half, most / 2, "o", color=FACT, label=f"published: half of them by day {half:g}")
    axes.axvline(week, color=FACT, linestyle=":", label=f"handbook: labels after {week:g} days")
    axes.set(xlim=(0, _MOST_DAYS), ylim=(0, 1.02), xlabel="days since the transaction")
    axes.set_ylabel("share of transactions with a right label")
    axes.set_xticks(np.arange(0, _MOST_DAYS + 1, 3))
    axes.legend(loc="lower right", fontsize=8.5)
