"""The handbook's transactions as the training job's dataset."""

from pathlib import Path

import numpy as np
import pandas as pd

from mlops_platform.models.fraud_detection.dataset import FraudDataset, from_tables

# A transaction's label is known this many days after it.
DELAY_DAYS = 7


def read_handbook(path: Path) -> FraudDataset:
    """Read a file of the handbook's raw shape and make its labels known after the delay."""
    raw = pd.read_parquet(
        path,
        columns=[
            "TRANSACTION_ID",
            "TX_DATETIME",
            "CUSTOMER_ID",
            "TERMINAL_ID",
            "TX_AMOUNT",
            "TX_FRAUD",
        ],
    )
    transactions = pd.DataFrame(
        {
            "transaction_id": raw["TRANSACTION_ID"],
            "user_id": raw["CUSTOMER_ID"],
            "merchant_id": raw["TERMINAL_ID"],
            "timestamp": raw["TX_DATETIME"],
            "amount": raw["TX_AMOUNT"],
        }
    )
    labels = pd.DataFrame(
        {
            "transaction_id": raw["TRANSACTION_ID"],
            "is_fraud": raw["TX_FRAUD"] == 1,
            "label_timestamp": raw["TX_DATETIME"] + pd.Timedelta(days=DELAY_DAYS),
        }
    )
    return from_tables(transactions, labels)


def day_number(date: str) -> int:
    """Return an ISO date as days since 1970-01-01."""
    return int(np.datetime64(date, "D").astype(np.int64))
