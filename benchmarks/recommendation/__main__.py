"""Measure the recommendation model: ``python -m benchmarks.recommendation --help``."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.recommendation.last_out import item_features, measure
from benchmarks.recommendation.ratings import Columns, Ratings


def main() -> None:
    """Run the chosen task; the last line is the result as JSON."""
    arguments = parse_arguments()
    columns = Columns(arguments.user_column, arguments.item_column, arguments.timestamp_column)
    ratings = Ratings.read(arguments.data, columns)
    features = None
    if arguments.items:
        features = item_features(arguments.items, arguments.item_column, ratings.item_ids)
    result = measure(ratings, features)
    if not result["n_users"]:
        sys.exit("No user has more than 20 interactions: there is nobody to hold items out from.")
    print(json.dumps(result))


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommendation")
    parser.add_argument("--data", type=Path, required=True, help="ratings, Parquet or CSV")
    parser.add_argument("--items", type=Path, help="the items' properties, Parquet or CSV")
    parser.add_argument("--user-column", default="userId")
    parser.add_argument("--item-column", default="movieId")
    parser.add_argument("--timestamp-column", default="timestamp")
    return parser.parse_args()


if __name__ == "__main__":
    main()
