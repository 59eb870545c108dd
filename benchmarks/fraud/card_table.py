"""Anybody's labelled card transactions as the training job's dataset."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.tables import (
    moments,
    numbers,
    present_columns,
    read_table,
    require_columns,
    truths,
)
from mlops_platform.errors import DataValidationError
from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables

# A transaction's label is known this many days after it.
DELAY_DAYS: Final = 7
# What the optional column is called, unless it is named.
TERMINAL: Final = "TERMINAL_ID"


@dataclass(frozen=True)
class Columns:
    """What the columns are called: by default as in the Fraud Detection Handbook's raw files.

    Of `terminal`, who was paid, None stands for the usual name, if a table has it; nothing for
    none.
    """

    time: str = "TX_DATETIME"
    customer: str = "CUSTOMER_ID"
    amount: str = "TX_AMOUNT"
    label: str = "TX_FRAUD"
    terminal: tuple[str, ...] | None = None


def read_cards(path: Path, columns: Columns) -> FraudDataset:
    """Read a Parquet or CSV file and make its labels known after the delay.

    A row without a label is a transaction that nobody has looked into; one without a customer or
    terminal belongs to nobody's history.

    Raises
    ------
    DataValidationError
        A column is absent, a row has no time or no amount, or values are none of theirs.
    """
    raw = read_table(path)
    needed = (columns.time, columns.customer, columns.amount, columns.label)
    require_columns(raw, path, needed, "--time, --customer, --amount and --label")
    terminal = present_columns(raw, path, columns.terminal, (TERMINAL,), "--terminal")
    time, amount = moments(raw[columns.time]), numbers(raw[columns.amount])
    lacking = time.isna().to_numpy() | np.isnan(amount)
    if lacking.any():
        raise DataValidationError(
            f"{path}: {lacking.sum()} rows lack {columns.time} or {columns.amount}, the first is "
            f"row {np.flatnonzero(lacking)[0] + 1}. Fill them in or leave them out."
        )
    is_fraud = truths(raw[columns.label])
    # Rows of the same second keep their order.
    number = np.arange(len(raw))
    transactions = pd.DataFrame(
        {
            "transaction_id": number,
            "user_id": raw[columns.customer],
            "merchant_id": raw[terminal[0]] if terminal else None,
            "timestamp": time,
            "amount": amount,
        }
    )
    labels = pd.DataFrame(
        {
            "transaction_id": number,
            "is_fraud": is_fraud,
            "label_timestamp": time + pd.Timedelta(days=DELAY_DAYS),
        }
    )
    return from_tables(transactions, labels[~np.isnan(is_fraud)])


def day_number(date: str) -> int:
    """Return an ISO date as days since 1970-01-01."""
    return int(np.datetime64(date, "D").astype(np.int64))
