"""What tables say about each other's rows must fit those rows."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.data.problems import SHOWN_ROWS, Problem

LABELS: Final = ("fraud_labels", "category_labels")


def check_references(tables: Mapping[str, pa.Table], problems: list[Problem]) -> None:
    """Note rows that name what is not there, and labels known before their transactions.

    Parameters
    ----------
    tables
        By name, in their schemas' types. Only tables that are both there are compared.
    problems
        Gets what is wrong.
    """
    for name in LABELS:
        if {name, "transactions"} <= tables.keys():
            _check_labels(name, tables[name], tables["transactions"], problems)
    if {"interactions", "items"} <= tables.keys():
        interactions = tables["interactions"]
        row = _rows_named(interactions, "item_id", tables["items"])
        known = pc.or_(pc.is_valid(row), pc.is_null(interactions["item_id"]))
        _note(
            "interactions, column item_id",
            interactions["item_id"].filter(pc.invert(known)),
            "interactions name items that are not in the table items",
            "add the items or drop the interactions",
            problems,
        )


def _check_labels(
    name: str, labels: pa.Table, transactions: pa.Table, problems: list[Problem]
) -> None:
    labels = labels.filter(pc.is_valid(labels["transaction_id"]))
    row = _rows_named(labels, "transaction_id", transactions)
    _note(
        f"{name}, column transaction_id",
        labels["transaction_id"].filter(pc.is_null(row)),
        "labels name transactions that are not in the table transactions",
        "add the transactions or drop the labels",
        problems,
    )
    early = pc.less(labels["label_timestamp"], transactions["timestamp"].take(row))
    _note(
        f"{name}, column label_timestamp",
        labels["transaction_id"].filter(pc.fill_null(early, fill_value=False)),
        "labels were known before their transactions happened",
        "write when each label came, in the transactions' time zone",
        problems,
    )


def _rows_named(table: pa.Table, column: str, named: pa.Table) -> pa.ChunkedArray:
    """Return for each row the row of `named` with the same value, null where there is none."""
    return pc.index_in(table[column], value_set=named[column], skip_nulls=True)


def _note(
    where: str, wrong: pa.ChunkedArray, what: str, to_do: str, problems: list[Problem]
) -> None:
    if len(wrong):
        examples = ", ".join(map(repr, wrong[:SHOWN_ROWS].to_pylist()))
        problems.append(Problem(where, f"{len(wrong)} {what}, e.g. {examples}; {to_do}"))
