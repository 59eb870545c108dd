"""Measure the fraud model on labelled transactions: ``python -m benchmarks.fraud --help``."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fraud.card_table import TERMINAL, Columns, day_number, read_cards
from benchmarks.fraud.protocol import WEEK, Fold, run_fold
from benchmarks.tables import column_list
from mlops_platform.errors import PlatformError, TrainingDataError
from mlops_platform.features.clock import DAY_SECONDS
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
    columns = Columns(
        arguments.time, arguments.customer, arguments.amount, arguments.label, arguments.terminal
    )
    try:
        dataset = read_cards(arguments.data, columns)
    except PlatformError as error:
        sys.exit(str(error))
    print(f"{len(dataset):,} transactions; computing features", flush=True)
    features = dataset.features()
    newest = _last_start(dataset) if arguments.start is None else arguments.start
    starts = [newest - WEEK * number for number in range(arguments.folds)]
    with ThreadPoolExecutor(N_PARALLEL_FITS) as executor:
        results = executor.map(lambda start: _measured(dataset, features, Fold(start)), starts)
        folds = [result for result in results if result is not None]
    if not folds:
        sys.exit(
            "No fold can be measured: each needs frauds, and others, in its training week and "
            "two weeks later. Choose another --start, or bring more."
        )
    names = folds[0]["baselines"]
    baselines = {name: _means([fold["baselines"][name] for fold in folds]) for name in names}
    print(json.dumps({**_means(folds), "baselines": baselines, "folds": folds}))


def _means(folds: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {name: float(np.mean([fold[name] for fold in folds])) for name in AVERAGED}


def _last_start(dataset: FraudDataset) -> int:
    """Return the last day from which training week, delay and test week are in the file."""
    after = int(dataset.timestamp[-1]) // DAY_SECONDS + 1
    return after - (Fold(0).test_end - Fold(0).start)


def _measured(
    dataset: FraudDataset, features: NDArray[np.float32], fold: Fold
) -> dict[str, Any] | None:
    """Run one fold and print its line; None for weeks that cannot be measured."""
    try:
        result = run_fold(dataset, features, fold)
    except TrainingDataError as error:
        first = np.datetime64(fold.start, "D")
        print(f"{first}  left out: {error}", flush=True)
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
    parser.add_argument("--data", type=Path, required=True, help="Parquet or CSV file")
    parser.add_argument(
        "--start",
        type=day_number,
        help="first day of the newest fold's training week, YYYY-MM-DD; default: the last possible",
    )
    parser.add_argument("--folds", type=int, default=4, help="weekly steps backwards")
    parser.add_argument("--time", default=Columns.time, help="column of the times")
    parser.add_argument("--customer", default=Columns.customer, help="column of who pays")
    parser.add_argument("--amount", default=Columns.amount, help="column of the amounts")
    parser.add_argument("--label", default=Columns.label, help="column of 1 for fraud and 0")
    parser.add_argument(
        "--terminal",
        type=column_list,
        help=f"column of who is paid; default: {TERMINAL} where the file has it; '' for none",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
