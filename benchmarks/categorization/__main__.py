"""Measure the categorization model: ``python -m benchmarks.categorization --help``."""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.categorization.labelled_table import ColumnNames, LabelledTable
from benchmarks.categorization.measuring import measure
from benchmarks.categorization.splits import Split, made_splits, split_by_column
from mlops_platform.errors import PlatformError


def main() -> None:
    """Measure every split, and print one line for each and all of them as JSON."""
    arguments = parse_arguments()
    results = {}
    try:
        table, splits = labelled_splits(arguments)
        for split in splits:
            started = time.monotonic()
            result = results[split.name] = measure(table, split)
            print(
                f"{split.name:<12} accuracy {result['accuracy']:.3f}  "
                f"macro-F1 {result['macro_f1']:.3f}  "
                f"at 80 % coverage {result['accuracy_at_80_coverage']:.3f}  "
                f"({split.origin}; {time.monotonic() - started:.0f} s)",
                flush=True,
            )
    except PlatformError as error:
        sys.exit(str(error))
    print(json.dumps(results))


def labelled_splits(arguments: argparse.Namespace) -> tuple[LabelledTable, list[Split]]:
    """Read the files and find their splits, or make them."""
    names = ColumnNames(
        arguments.text, arguments.label, arguments.amount, arguments.date, arguments.context
    )
    if arguments.data is None:
        train, test = (
            LabelledTable.read([path], names).raw for path in (arguments.train, arguments.test)
        )
        table = LabelledTable.from_frame(pd.concat([train, test], ignore_index=True), names)
        rows = np.arange(len(table.label))
        return table, [Split("test", rows[: len(train)], rows[len(train) :], "files of their own")]
    table = LabelledTable.read([arguments.data], names)
    found = [name for name in arguments.splits if name in table.raw]
    return table, [split_by_column(table, name) for name in found] or made_splits(table)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.categorization", description=__doc__
    )
    parser.add_argument("--data", type=Path, help="parquet or CSV file, split by its columns")
    parser.add_argument("--train", type=Path, help="in place of --data, with --test")
    parser.add_argument("--test", type=Path, help="in place of --data, with --train")
    parser.add_argument("--text", default="merchant", help="column of the descriptors")
    parser.add_argument("--label", default="group", help="column of the categories")
    parser.add_argument("--amount", default="amount", help="column of the amounts, optional")
    parser.add_argument("--date", default="date", help="column of dates or times, optional")
    parser.add_argument(
        "--context",
        type=_names,
        default=("card_id", "department", "directorate", "vat"),
        help="further categorical columns, comma-separated; those absent are left out",
    )
    parser.add_argument(
        "--splits",
        type=_names,
        default=("stratified", "temporal", "unseen"),
        help="columns of 'train' and 'test'; if the file has none of them, splits are made",
    )
    arguments = parser.parse_args()
    if (arguments.data is None) == (arguments.train is None or arguments.test is None):
        parser.error("give --data, or --train and --test")
    return arguments


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


if __name__ == "__main__":
    main()
