"""What labels say about transactions must fit the transactions."""

import pyarrow as pa
import pyarrow.compute as pc

from mlops_platform.data.problems import SHOWN_ROWS, Problem


def check_labels(labels: pa.Table, transactions: pa.Table, problems: list[Problem]) -> None:
    """Note labels of transactions that are not there, and labels known before them.

    Parameters
    ----------
    labels, transactions
        The tables ``fraud_labels`` and ``transactions`` in their schemas' types.
    problems
        Gets what is wrong.
    """
    labels = labels.filter(pc.is_valid(labels["transaction_id"]))
    row = pc.index_in(
        labels["transaction_id"], value_set=transactions["transaction_id"], skip_nulls=True
    )
    _note(
        labels.filter(pc.is_null(row)),
        "transaction_id",
        "name transactions that are not in the table transactions",
        "add the transactions or drop the labels",
        problems,
    )
    early = pc.less(labels["label_timestamp"], transactions["timestamp"].take(row))
    _note(
        labels.filter(pc.fill_null(early, fill_value=False)),
        "label_timestamp",
        "were known before their transactions happened",
        "write when each label came, in the transactions' time zone",
        problems,
    )


def _note(wrong: pa.Table, column: str, what: str, to_do: str, problems: list[Problem]) -> None:
    if wrong.num_rows:
        examples = ", ".join(map(repr, wrong["transaction_id"][:SHOWN_ROWS].to_pylist()))
        problems.append(
            Problem(
                f"fraud_labels, column {column}",
                f"{wrong.num_rows} labels {what}, e.g. {examples}; {to_do}",
            )
        )
