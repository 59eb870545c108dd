"""Which rows a model may learn from, and which it is measured on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from benchmarks.categorization.labelled_table import LabelledTable
from mlops_platform.errors import DataValidationError

Int64s = NDArray[np.int64]
TEST_SHARE = 0.2
SEED = 0


@dataclass(frozen=True)
class Split:
    """Positions of training and test rows, and how they came about."""

    name: str
    train: Int64s
    test: Int64s
    origin: str


def split_by_column(table: LabelledTable, name: str) -> Split:
    """Return the split that a column with the values ``train`` and ``test`` describes."""
    part = table.raw[name].to_numpy()
    train, test = np.flatnonzero(part == "train"), np.flatnonzero(part == "test")
    if not len(train) or not len(test):
        raise DataValidationError(
            f"Column {name!r} needs rows marked 'train' and rows marked 'test'; it has "
            f"{len(train)} and {len(test)}."
        )
    return Split(name, train, test, "column of the file")


def made_splits(table: LabelledTable) -> list[Split]:
    """Make the splits that a table without split columns allows."""
    splits = [_stratified(table.label)]
    if table.moment is not None:
        splits.append(_temporal(table.moment))
    splits.append(_unseen(table.rows.brand))
    return splits


def _stratified(label: NDArray[np.str_]) -> Split:
    """Hold out a fifth of every category; a category of one row can only be trained on."""
    counts = pd.Series(label).groupby(label).transform("size").to_numpy()
    several = np.flatnonzero(counts > 1)
    train, test = train_test_split(
        several, test_size=TEST_SHARE, random_state=SEED, stratify=label[several]
    )
    train = np.union1d(train, np.flatnonzero(counts == 1))
    return Split("stratified", train, np.sort(test), f"made here: a fifth, seed {SEED}")


def _temporal(moment: Int64s) -> Split:
    order = np.argsort(moment, kind="stable")
    n_train = round(len(order) * (1 - TEST_SHARE))
    return Split("temporal", order[:n_train], order[n_train:], "made here: the last fifth")


def _unseen(brand: Int64s) -> Split:
    brands = np.unique(brand)
    held_out = np.random.default_rng(SEED).permutation(brands)[: round(len(brands) * TEST_SHARE)]
    test = np.isin(brand, held_out)
    origin = f"made here: a fifth of the normalised merchants, seed {SEED}"
    return Split("unseen", np.flatnonzero(~test), np.flatnonzero(test), origin)
