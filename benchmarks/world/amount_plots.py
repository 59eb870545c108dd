"""Draw amounts: all of them, and by kind of merchants."""

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from benchmarks.world.amounts import log_moments
from benchmarks.world.facts import AMOUNTS, KIND_MOMENTS
from mlops_platform.data.world.merchants import KINDS

WORLD: Final = "tab:blue"
FACT: Final = "tab:orange"
_POUNDS: Final = FuncFormatter(lambda pounds, _: f"{pounds:,.10g}")
# Wide enough that the steps of 10 pence do not show as teeth, natural-log pounds.
_BIN_WIDTH: Final = 0.2


def draw_amounts(figure: Figure, amount_minor: NDArray[np.int64]) -> None:
    """Draw the density of log amounts, in pence of shape (n,), beside the fact's log-normal."""
    axes = figure.subplots()
    logs = np.log(amount_minor / 100.0)
    edges = np.arange(-2.4, 9.6, _BIN_WIDTH)
    heights = np.histogram(logs, edges, density=True)[0]
    axes.stairs(
        heights,
        np.exp(edges),
        color=WORLD,
        fill=True,
        alpha=0.45,
        label=f"world: ln £ {logs.mean():.2f} ± {logs.std():.2f}",
    )
    facts = {fact.name: fact.value for fact in AMOUNTS}
    mean, sigma = facts["log_amount_mean"] or 0.0, facts["log_amount_sd"] or 1.0
    points = np.linspace(edges[0], edges[-1], 200)
    density = np.exp(-0.5 * ((points - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    label = f"a council's cards: ln £ {mean:.2f} ± {sigma:.2f},\ndrawn as a log-normal"
    axes.plot(np.exp(points), density, color=FACT, label=label)
    axes.set(xscale="log", xlim=(0.1, 10_000), ylim=(0, 1.3 * heights.max()))
    axes.set(xlabel="amount of a transaction (£)", ylabel="density per unit of ln £")
    axes.xaxis.set_major_formatter(_POUNDS)
    axes.legend(loc="upper left")


def draw_kinds(figure: Figure, amount_minor: NDArray[np.int64], kind: NDArray[np.int64]) -> None:
    """Draw the middle 68 % of each kind's amounts, in pence, beside those of the facts."""
    axes = figure.subplots()
    names = [each.name for each in KINDS]
    for place, (name, fact) in enumerate(KIND_MOMENTS.items()):
        world = log_moments(amount_minor[kind == names.index(name)])
        for source, colour, (mean, sigma), shift in (
            ("world", WORLD, world, 0.14),
            ("a council's cards", FACT, fact, -0.14),
        ):
            span = np.exp([mean - sigma, mean + sigma])
            label = source if place == 0 else None
            axes.plot(span, [place + shift] * 2, color=colour, linewidth=4, alpha=0.5)
            axes.plot(np.exp(mean), place + shift, "o", color=colour, label=label)
    axes.set_yticks(range(len(KIND_MOMENTS)), [name.replace("_", " ") for name in KIND_MOMENTS])
    axes.set(xscale="log", xlabel="amount (£): geometric mean, and one log sd either way")
    axes.set_ylabel("kind of merchants")
    axes.xaxis.set_major_formatter(_POUNDS)
    axes.invert_yaxis()
    axes.legend(loc="upper right")
