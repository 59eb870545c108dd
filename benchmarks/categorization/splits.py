"""Which rows a model may learn from, and which it is measured on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.categorization.labelled_table import LabelledTable
from mlops_platform.errors import DataValidationError

Int64s = NDArray[np.int64]
# One part in so many is tested on.
N_PARTS = 5
SEED = 0


@dataclass(frozen=True)
class Split:
    """Positions of training and test rows, and how they came about."""

    name: str
    train: Int64s
    test: Int64s
    origin: str


def split_by_column(table: LabelledTable, name: str) -> Split:
    """Return the split that a column with the values ``train`` and ``test`` describes.

    Raises
    ------
    DataValidationError
        It has not both values.
    """
    part = table.raw[name].astype("str").str.strip().str.lower().to_numpy()
    train, test = np.flatnonzero(part == "train"), np.flatnonzero(part == "test")
    if not len(train) or not len(test):
        raise DataValidationError(
            f"Column {name!r} needs rows marked 'train' and rows marked 'test'; it has "
            f"{len(train)} and {len(test)}. Mark them, or name split columns by --splits; with "
            "--splits '' the splits are made."
        )
    return Split(name, train, test, "column of the file")


def made_splits(table: LabelledTable) -> list[Split]:
    """Make the splits that a table without split columns allows.

    A split is left out if nothing would be tested, or fewer than two categories learnt.

    Raises
    ------
    DataValidationError
        The table allows none.
    """
    splits = [_stratified(table.label)]
    if table.moment is not None:
        splits.append(_temporal(table.moment))
    splits.append(_unseen(table.rows.brand))
    possible = [
        split
        for split in splits
        if len(split.test) and len(np.unique(table.label[split.train])) > 1
    ]
    if not possible:
        raise DataValidationError(
            f"{len(table.label)} labelled rows of {len(np.unique(table.label))} categories cannot "
            "be split into rows to learn two categories from and rows to judge. Bring more."
        )
    return possible


def _stratified(label: NDArray[np.str_]) -> Split:
    """Hold out a fifth of every category; a category of one row can only be trained on.

    Every fifth row of all rows, ordered by category and at random within, is a fifth of each
    category as nearly as rows can be divided, however many categories there are.
    """
    order = np.random.default_rng(SEED).permutation(len(label))
    order = order[np.argsort(label[order], kind="stable")]
    _, place, size = np.unique(label, return_inverse=True, return_counts=True)
    several = order[size[place[order]] > 1]
    test = np.sort(several[N_PARTS - 1 :: N_PARTS])
    train = np.setdiff1d(order, test)
    return Split("stratified", train, test, f"made here: a fifth, seed {SEED}")


def _temporal(moment: NDArray[np.float64]) -> Split:
    """Hold out the last fifth of the rows that have a date; the others are left out."""
    dated = np.flatnonzero(~np.isnan(moment))
    order = dated[np.argsort(moment[dated], kind="stable")]
    n_test = len(order) // N_PARTS
    return Split(
        "temporal",
        order[: len(order) - n_test],
        order[len(order) - n_test :],
        "made here: the last fifth",
    )


def _unseen(brand: Int64s) -> Split:
    brands = np.random.default_rng(SEED).permutation(np.unique(brand))
    test = np.isin(brand, brands[: len(brands) // N_PARTS])
    origin = f"made here: a fifth of the normalised merchants, seed {SEED}"
    return Split("unseen", np.flatnonzero(~test), np.flatnonzero(test), origin)
