"""Measure the categorization model: ``python -m benchmarks.categorization --help``."""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.categorization.labelled_table import (
    AMOUNT,
    CONTEXT,
    DATE,
    ColumnNames,
    LabelledTable,
)
from benchmarks.categorization.measuring import measure
from benchmarks.categorization.splits import Split, made_splits, split_by_column
from benchmarks.tables import column_list, present_columns
from mlops_platform.errors import PlatformError

SPLITS = ("stratified", "temporal", "unseen")


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
        return _two_files(arguments.train, arguments.test, names)
    table = LabelledTable.read(arguments.data, names)
    found = present_columns(table.raw, arguments.data, arguments.splits, SPLITS, "--splits")
    return table, [split_by_column(table, name) for name in found] or made_splits(table)


def _two_files(train: Path, test: Path, names: ColumnNames) -> tuple[LabelledTable, list[Split]]:
    """Put one below the other, so that both are read as one table."""
    parts = [LabelledTable.read(path, names) for path in (train, test)]
    n_train, n_test = (len(part.label) for part in parts)
    raw = pd.concat([part.raw for part in parts], ignore_index=True)
    rows = np.arange(n_train + n_test)
    split = Split("test", rows[:n_train], rows[n_train:], "files of their own")
    return LabelledTable.from_frame(raw, train, names), [split]


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
    for option, usual, what in (
        ("--amount", (AMOUNT,), "column of the amounts"),
        ("--date", (DATE,), "column of dates or times"),
        ("--context", CONTEXT, "further categorical columns"),
        ("--splits", SPLITS, "columns of 'train' and 'test', without which splits are made"),
    ):
        parser.add_argument(
            option,
            type=column_list,
            help=f"{what}; by default {', '.join(usual)} where the file has it; '' for none",
        )
    arguments = parser.parse_args()
    if (arguments.data is None) == (arguments.train is None or arguments.test is None):
        parser.error("give --data, or --train and --test")
    return arguments


if __name__ == "__main__":
    main()
