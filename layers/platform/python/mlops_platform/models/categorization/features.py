"""A transaction as one sparse row: descriptor, amount, context and time in one hashed space.

The same function makes a row for training, for a batch and for a single request, so there is no
second formula that could differ. A linear head sees products only if they are features themselves,
hence the crosses: what a card buys at this merchant, what this merchant sells at this price.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.clock import DAY_SECONDS, HOUR_SECONDS
from mlops_platform.models.categorization.hashed_rows import HashedRows
from mlops_platform.models.categorization.signature import CONTEXT
from mlops_platform.models.categorization.text_features import brand_key, bucket, text_features

# 1970-01-01 was a Thursday.
EPOCH_WEEKDAY: Final = 3
# Steps of the logarithm: e-folds, and halves of them.
BINS_PER_E_FOLD: Final = (1, 2)
# Below a cent there is nothing, and the logarithm must be finite at 0.
CENT: Final = 0.01

AMOUNT_VALUE: Final = 0.5
CONTEXT_VALUE: Final = 1.0
CROSS_VALUE: Final = 0.7
TIME_VALUE: Final = 0.3


class Transaction(NamedTuple):
    """What the model may see of one transaction.

    Parameters
    ----------
    descriptor
        The text on the statement; empty if there is none.
    amount
        Major units, negative for a refund; NaN if unknown.
    context
        Any further categorical columns by name, such as the card; None if unknown.
    timestamp
        Epoch seconds; None if unknown. At exactly midnight the hour counts as unknown.
    """

    descriptor: str
    amount: float = math.nan
    context: Mapping[str, str | None] = {}
    timestamp: int | None = None


def from_request(row: Mapping[str, Any], moment: int) -> Transaction:
    """Return the transaction of a valid request's features, under the signature's own names.

    Examples
    --------
    >>> from_request({"description": "bp", "amount": 20}, 0).amount
    20.0
    """
    amount = row.get("amount")
    return Transaction(
        descriptor=row["description"],
        amount=math.nan if amount is None else float(amount),
        context={name: str(row[name]) if name in row else None for name in CONTEXT},
        timestamp=moment,
    )


def from_columns(
    descriptors: Sequence[str],
    amounts: NDArray[np.float64] | None = None,
    context: Mapping[str, Sequence[str | None]] | None = None,
    timestamps: Sequence[int | None] | None = None,
) -> list[Transaction]:
    """Return the transactions of a table given as columns of equal length."""
    n = len(descriptors)
    amount = np.full(n, math.nan) if amounts is None else amounts
    names = tuple(context or {})
    values = zip(*(context or {}).values(), strict=True) if names else iter([()] * n)
    moments = [None] * n if timestamps is None else timestamps
    return [
        Transaction(text, float(a), dict(zip(names, row, strict=True)), moment)
        for text, a, row, moment in zip(descriptors, amount, values, moments, strict=True)
    ]


def hashed_rows(transactions: Iterable[Transaction]) -> HashedRows:
    """Return the model's input rows of transactions."""
    features, brands = [], []
    for transaction in transactions:
        brand = brand_key(transaction.descriptor)
        features.append(row_features(transaction, brand))
        brands.append(bucket("brand", brand))
    return HashedRows.from_features(features, brands)


def row_features(transaction: Transaction, brand: str) -> tuple[list[int], list[float]]:
    """Return the buckets and values of one transaction whose `brand_key` is `brand`."""
    grams, lengths = text_features(transaction.descriptor)
    buckets, values = list(grams), list(lengths)

    def add(namespace: str, text: str, value: float) -> None:
        buckets.append(bucket(namespace, text))
        values.append(value)

    bins = amount_bins(transaction.amount)
    for name, text in bins.items():
        add(name, text, AMOUNT_VALUE)
    add("brand and amount", f"{brand}|{bins['amount 1']}", AMOUNT_VALUE)
    for name, text in time_parts(transaction.timestamp).items():
        add(name, text, TIME_VALUE)
    found = brand.split()
    for name, value in transaction.context.items():
        if value is None:
            continue
        add("context", f"{name}={value}", CONTEXT_VALUE)
        for word in found:
            add("word and context", f"{word}|{name}={value}", CROSS_VALUE * len(found) ** -0.5)
    return buckets, values


def amount_bins(amount: float) -> dict[str, str]:
    """Return an amount's sign and logarithm, coarse and finer, and its cents.

    Examples
    --------
    >>> amount_bins(-20.99)
    {'amount 1': '-3', 'amount 2': '-6', 'cents': '99'}
    >>> amount_bins(math.nan)
    {'amount 1': 'unknown', 'amount 2': 'unknown', 'cents': 'unknown'}
    """
    names = [f"amount {bins}" for bins in BINS_PER_E_FOLD]
    if not math.isfinite(amount):
        return dict.fromkeys([*names, "cents"], "unknown")
    sign = "-" if amount < 0 else "+"
    size = math.log(abs(amount) + CENT)
    steps = (round(size * bins) for bins in BINS_PER_E_FOLD)
    binned = {name: f"{sign}{step}" for name, step in zip(names, steps, strict=True)}
    return {**binned, "cents": str(round(abs(amount) * 100) % 100)}


def time_parts(timestamp: int | None) -> dict[str, str]:
    """Return weekday, and hour where a time of day is given.

    Examples
    --------
    >>> time_parts(0), time_parts(13 * 3600), time_parts(None)
    ({'weekday': '3'}, {'weekday': '3', 'hour': '13'}, {})
    """
    if timestamp is None:
        return {}
    day, second = divmod(timestamp, DAY_SECONDS)
    parts = {"weekday": str((day + EPOCH_WEEKDAY) % 7)}
    if second:
        parts["hour"] = str(second // HOUR_SECONDS)
    return parts
