"""Measure the generated world beside its facts: ``python -m benchmarks.world``.

The last line of the output is one JSON object.
"""

import argparse
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.tables import read_table
from benchmarks.world.facts import FACTS, MOST_SECONDS_PER_MILLION, Fact
from benchmarks.world.measuring import measure_cards, measure_world
from benchmarks.world.observed import observe
from benchmarks.world.plots import draw
from benchmarks.world.speed import Size, cpu_seconds_per_million
from mlops_platform.data.world.world import World

# The default days are three whole months, and about as many transactions as the facts' cards have.
FIRST_DAY: Final = date(2025, 1, 1)
DAYS: Final = 90
LEAST_DAYS: Final = 59
USERS: Final = 1_200
# The second one makes about a million transactions.
SPEED_SIZES: Final = (Size(users=1_200, days=20), Size(users=20_000, days=24))


def main() -> None:
    """Read the arguments, measure, print."""
    arguments = parse_arguments()
    world = World(seed=arguments.seed, n_users=arguments.users)
    seen = observe(world, FIRST_DAY, arguments.days)
    measured = measure_world(seen, whole_months(arguments.days))
    cards = {} if arguments.cards is None else measure_cards(read_table(arguments.cards))
    print(f"{len(seen.user):,} transactions of {arguments.users:,} users, {arguments.days} days")
    for fact in FACTS:
        print(line(fact, measured[fact.name], cards))
    report = {
        "seed": arguments.seed,
        "users": arguments.users,
        "days": arguments.days,
        "transactions": len(seen.user),
        "facts": {fact.name: fact.to_dict(measured[fact.name]) for fact in FACTS},
        "cards": {name: round(value, 5) for name, value in cards.items()},
        "speed": measure_speed(arguments.seed),
    }
    if arguments.plots is not None:
        draw(seen, whole_months(arguments.days), arguments.plots)
    print(json.dumps(report))


def line(fact: Fact, measured: float, cards: dict[str, float]) -> str:
    """Return one row of the table."""
    holds = fact.holds(measured)
    told = "world's own choice" if fact.value is None else f"{fact.value:>8.5g} ± {fact.band:<6g}"
    verdict = "" if holds is None else "within" if holds else f"DIFFERS: {fact.why}"
    by_cards = f" (cards: {cards[fact.name]:.4g})" if fact.name in cards else ""
    return f"{fact.title:<36} {measured:>8.4g}  {told:<18} {verdict}{by_cards}"


def measure_speed(seed: int) -> list[dict[str, float]]:
    """Measure and print the speed at each size."""
    figures = []
    for size in SPEED_SIZES:
        figure = cpu_seconds_per_million(size, seed, FIRST_DAY)
        made = figure["cpu_seconds_per_million"]
        verdict = "within" if made <= MOST_SECONDS_PER_MILLION else "MISSED"
        print(
            f"{size.users:,} users, {size.days} days: {made:.1f} processor seconds a million "
            f"transactions ({verdict} {MOST_SECONDS_PER_MILLION:.0f}), "
            f"{figure['cpu_seconds_per_million_written']:.1f} with all tables written"
        )
        figures.append({name: round(value, 2) for name, value in figure.items()})
    return figures


def whole_months(n_days: int) -> int:
    """Return how many calendar months from the first day on are whole."""
    end = FIRST_DAY + timedelta(days=n_days)
    return (end.year - FIRST_DAY.year) * 12 + end.month - FIRST_DAY.month


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.world", description=__doc__)
    parser.add_argument("--users", type=int, default=USERS, help=f"default: {USERS}")
    parser.add_argument("--days", type=int, default=DAYS, help=f"default: {DAYS}")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--plots", type=Path, help="a folder for the plots, as SVG")
    parser.add_argument(
        "--cards",
        type=Path,
        help="real purchases (card_id, merchant, amount, date) to measure in the same way",
    )
    arguments = parser.parse_args()
    if arguments.days < LEAST_DAYS:
        parser.error(f"--days must be at least {LEAST_DAYS}: January and February.")
    return arguments


if __name__ == "__main__":
    main()
