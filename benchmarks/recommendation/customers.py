"""Simulated customers for trying the cross-sell task: segments, columns and products.

``python -m benchmarks.recommendation.customers FILE`` writes a table for ``--data``.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

_N_SEGMENTS: Final = 6


def simulated_customers(
    n_users: int, n_products: int, by_columns: float, by_products: float, random_state: int = 0
) -> pd.DataFrame:
    """Return customers with an age, an income, a region and 0/1 products.

    Each customer belongs to a hidden segment, which leans towards some of the products and which
    only the owned products tell, and has columns that lean towards others.

    Parameters
    ----------
    by_columns, by_products
        How much a product depends on the columns and on the hidden segment, in log-odds; 0 makes a
        world in which they tell nothing.
    """
    random = np.random.default_rng(random_state)
    age, income = random.uniform(18, 80, n_users), random.lognormal(8.0, 0.5, n_users)
    region = random.integers(0, 8, n_users)
    segment = random.integers(0, _N_SEGMENTS, n_users)
    standard = np.column_stack([(age - 49) / 18, (np.log(income) - 8) / 0.5, np.cos(age / 6)])
    column_part = standard @ random.normal(size=(3, n_products))
    column_part += random.normal(size=(8, n_products))[region]
    segment_part = random.normal(size=(_N_SEGMENTS, n_products))[segment]
    base = -1.5 - 0.8 * np.sqrt(np.arange(n_products))
    log_odds = base + by_columns * column_part + by_products * segment_part
    owned = random.random(log_odds.shape) < 1.0 / (1.0 + np.exp(-log_odds))
    users = pd.DataFrame({"age": age.round(), "income": income, "region": region.astype(str)})
    products = [f"product_{number}" for number in range(n_products)]
    return users.join(pd.DataFrame(owned.astype(np.int8), columns=products))


def main() -> None:
    """Write a table of simulated customers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommendation.customers")
    parser.add_argument("file", type=Path, help="Parquet file to be written")
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument("--by-columns", type=float, default=1.0)
    parser.add_argument("--by-products", type=float, default=1.5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    simulated_customers(
        options.users, options.products, options.by_columns, options.by_products, options.seed
    ).to_parquet(options.file)


if __name__ == "__main__":
    main()
