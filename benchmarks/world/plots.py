"""Draw the world beside its facts, the same bytes for the same world."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.world.amount_plots import draw_amounts, draw_kinds
from benchmarks.world.observed import Observed
from benchmarks.world.people_plots import draw_delays, draw_popularity, draw_rates

SUFFIX: Final = ".svg"
SIZE_INCHES: Final = (6.4, 4.0)


def draw(seen: Observed, whole_months: int, folder: Path) -> list[Path]:
    """Write all plots into a folder, which is made if need be, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings: dict[str, Callable[[Figure], None]] = {
        "world_popularity": lambda figure: draw_popularity(figure, seen.merchant),
        "world_amounts": lambda figure: draw_amounts(figure, seen.amount_minor),
        "world_kinds": lambda figure: draw_kinds(figure, seen.amount_minor, seen.kind),
        "world_rates": lambda figure: draw_rates(figure, seen.user, seen.month, whole_months),
        "world_delays": lambda figure: draw_delays(figure, seen.is_fraud, seen.fraud_labels),
    }
    paths = []
    for name, fill in drawings.items():
        path = folder / f"{name}{SUFFIX}"
        with _style():
            figure = Figure(figsize=SIZE_INCHES, layout="constrained")
            fill(figure)
            figure.savefig(path, metadata={"Date": None, "Creator": None})
        paths.append(path)
    return paths


def _style() -> AbstractContextManager[None]:
    return mpl.rc_context(
        {
            # Ids in an SVG are random without a salt.
            "svg.hashsalt": "world",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.alpha": 0.25,
            "legend.frameon": False,
            "lines.linewidth": 1.8,
        }
    )
