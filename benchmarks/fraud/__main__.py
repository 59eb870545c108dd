"""Measure the fraud model on the handbook's transactions: ``python -m benchmarks.fraud --help``."""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fraud.handbook_data import day_number, read_handbook
from benchmarks.fraud.protocol import WEEK, Fold, run_fold
from mlops_platform.errors import TrainingDataError
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.training.search import N_PARALLEL_FITS

AVERAGED = (
    "average_precision",
    "auc_roc",
    "card_precision_100",
    "recall_at_precision_90",
    "accuracy",
    "majority_accuracy",
)


def main() -> None:
    """Run the folds, newest first, and print one line for each and the means as JSON."""
    arguments = parse_arguments()
    dataset = read_handbook(arguments.data)
    print(f"{len(dataset):,} transactions; computing features", flush=True)
    features = dataset.features()
    starts = [day_number(arguments.start) - WEEK * number for number in range(arguments.folds)]
    with ThreadPoolExecutor(N_PARALLEL_FITS) as executor:
        results = executor.map(lambda start: _measured(dataset, features, Fold(start)), starts)
        folds = [result for result in results if result is not None]
    if not folds:
        sys.exit("No fold fits into this file: choose --start so that three weeks follow it.")
    means = {name: float(np.mean([fold[name] for fold in folds])) for name in AVERAGED}
    print(json.dumps({**means, "folds": folds}))


def _measured(
    dataset: FraudDataset, features: NDArray[np.float32], fold: Fold
) -> dict[str, Any] | None:
    """Run one fold and print its line; None for weeks that the file does not hold."""
    try:
        result = run_fold(dataset, features, fold)
    except TrainingDataError as error:
        first = np.datetime64(fold.start, "D")
        print(f"{first}  left out, the file does not hold its weeks: {error}", flush=True)
        return None
    print(
        f"{result['start']}  AP {result['average_precision']:.3f}  "
        f"AUC {result['auc_roc']:.3f}  CP@100 {result['card_precision_100']:.3f}",
        flush=True,
    )
    return result


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fraud", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="Parquet file of the handbook's raw columns"
    )
    parser.add_argument(
        "--start", required=True, help="first day of the newest fold's training week, YYYY-MM-DD"
    )
    parser.add_argument("--folds", type=int, default=4, help="weekly steps backwards")
    return parser.parse_args()


if __name__ == "__main__":
    main()
