"""A world's days as plain columns, the truth beside what is said of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mlops_platform.data.world.categories import NAMES
from mlops_platform.data.world.fraud import Scenario
from mlops_platform.data.world.merchants import KINDS
from mlops_platform.data.world.world import Day, World, days_between

_DAY_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True)
class Labels:
    """What is said of transactions, columns of shape (n,).

    Parameters
    ----------
    value
        1 for fraud and 0 for genuine, or an index into `categories.CATEGORIES`; any number where
        nothing is said.
    delay_days
        Days from the transaction to the label, NaN where none ever comes.
    """

    value: NDArray[np.int64]
    delay_days: NDArray[np.float64]


@dataclass(frozen=True)
class Observed:
    """Transactions as columns of shape (n,).

    Parameters
    ----------
    user, merchant
        Numbers that stand for them.
    kind, category
        Indices into `merchants.KINDS` and `categories.CATEGORIES`; the latter is the truth.
    amount_minor
        Pence.
    month
        Months since January 1970.
    description
        Texts of the statement lines.
    is_fraud
        The truth.
    fraud_labels, category_labels
        All that are ever said.
    """

    user: NDArray[np.int64]
    merchant: NDArray[np.int64]
    kind: NDArray[np.int64]
    category: NDArray[np.int64]
    amount_minor: NDArray[np.int64]
    month: NDArray[np.int64]
    description: list[str]
    is_fraud: NDArray[np.bool_]
    fraud_labels: Labels
    category_labels: Labels


def observe(world: World, first: date, n_days: int) -> Observed:
    """Make a world's days and look at them."""
    days = []
    for number in days_between(first, first + timedelta(days=n_days - 1)):
        days.append(_columns(world.day(number)))
        # A world keeps its days for those who ask again: nobody does, and months would fill memory.
        World.day.cache_clear()
    table = pa.concat_tables(days).combine_chunks()
    month = table["timestamp"].to_numpy().astype("datetime64[M]").astype(np.int64)
    return Observed(
        user=_numbered(table["user_id"]),
        merchant=_numbered(table["merchant_id"]),
        kind=_index(table["mcc"], [kind.mcc for kind in KINDS]),
        category=table["category"].to_numpy(),
        amount_minor=np.rint(table["amount"].to_numpy() * 100).astype(np.int64),
        month=month,
        description=table["description"].to_pylist(),
        is_fraud=table["is_fraud"].to_numpy(),
        fraud_labels=_labels(table, "fraud"),
        category_labels=_labels(table, "category"),
    )


def _columns(day: Day) -> pa.Table:
    """Return a day's transactions with the truth and all that is said of them."""
    frauds = day.labels["is_fraud"].cast(pa.int64())
    categories = pa.array(_index(day.category_labels["category"], list(NAMES)))
    table = day.transactions.append_column("category", pa.array(day.category))
    table = table.append_column("is_fraud", pa.array(day.scenario != Scenario.NONE.value))
    for name, labels, value in (
        ("fraud", day.labels, frauds),
        ("category", day.category_labels, categories),
    ):
        row = pc.index_in(table["transaction_id"], value_set=labels["transaction_id"])
        moment = labels["label_timestamp"].cast(pa.int64()).take(row)
        delay = pc.subtract(moment, table["timestamp"].cast(pa.int64()))
        table = table.append_column(f"{name}_said", pc.fill_null(pc.take(value, row), -1))
        table = table.append_column(f"{name}_delay", delay.cast(pa.float64()))
    return table


def _labels(table: pa.Table, name: str) -> Labels:
    delay = pc.fill_null(table[f"{name}_delay"], np.nan).to_numpy() / _DAY_MICROSECONDS
    return Labels(table[f"{name}_said"].to_numpy(), delay)


def _numbered(names: pa.ChunkedArray) -> NDArray[np.int64]:
    codes = names.combine_chunks().dictionary_encode().indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)


def _index(names: pa.ChunkedArray, among: list[str]) -> NDArray[np.int64]:
    return np.asarray(pc.index_in(names, value_set=pa.array(among)), dtype=np.int64)
