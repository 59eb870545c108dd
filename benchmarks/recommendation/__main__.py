"""Measure the recommendation model: ``python -m benchmarks.recommendation --help``."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.recommendation import cross_sell, last_out
from benchmarks.recommendation.ownership import Ownership
from benchmarks.recommendation.ratings import TIMESTAMP, Columns, Ratings
from benchmarks.tables import column_list
from mlops_platform.errors import DataValidationError, PlatformError


def main() -> None:
    """Run the chosen task; the last line is the result as JSON."""
    arguments = parse_arguments()
    try:
        result = _cross_sell(arguments) if arguments.task == "cross-sell" else _ratings(arguments)
    except PlatformError as error:
        sys.exit(str(error))
    print(json.dumps(result))


def _ratings(arguments: argparse.Namespace) -> dict[str, Any]:
    columns = Columns(arguments.user_column, arguments.item_column, arguments.timestamp_column)
    ratings = Ratings.read(arguments.data, columns)
    if not ratings.test().relevant.nnz or not ratings.validation().relevant.nnz:
        raise DataValidationError(
            "No user has more than 20 interactions: there is nobody whose last 10 could be the "
            "test and the 10 before them the validation. Bring longer histories."
        )
    features = None
    if arguments.items:
        features = last_out.item_features(arguments.items, arguments.item_column, ratings.item_ids)
    return last_out.measure(ratings, features)


def _cross_sell(arguments: argparse.Namespace) -> dict[str, Any]:
    users = Ownership.read(arguments.data, arguments.user_columns, arguments.product_columns)
    return cross_sell.measure(users, arguments.seed)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommendation")
    parser.add_argument("--task", choices=["ratings", "cross-sell"], default="ratings")
    parser.add_argument("--data", type=Path, required=True, help="a table, Parquet or CSV")
    ratings = parser.add_argument_group("ratings: one row for each interaction")
    ratings.add_argument("--items", type=Path, help="the items' properties, Parquet or CSV")
    ratings.add_argument("--user-column", default="userId")
    ratings.add_argument("--item-column", default="movieId")
    ratings.add_argument(
        "--timestamp-column",
        type=column_list,
        help=f"default: {TIMESTAMP} where the file has it; without, or with '', rows are in order",
    )
    ownership = parser.add_argument_group("cross-sell: one row for each user")
    ownership.add_argument(
        "--user-columns",
        type=column_list,
        help="names, with commas; default: all but products; '' for none",
    )
    ownership.add_argument(
        "--product-columns",
        type=column_list,
        help="names, with commas; default: the columns of 0 and 1, or of yes and no, alone",
    )
    ownership.add_argument("--seed", type=int, default=0, help="of the division of the users")
    return parser.parse_args()


if __name__ == "__main__":
    main()
