"""Transactions and labels as the arrays that fraud training works on."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.amount_arrays import to_minor_array
from mlops_platform.features.history import EntityHistory, Events, Int64s, Labels
from mlops_platform.models.fraud_detection.features import feature_rows
from mlops_platform.training.epoch_seconds import epoch_seconds

NOT_KNOWN = np.iinfo(np.int64).max


@dataclass(frozen=True)
class FraudDataset:
    """Transactions in time order, as arrays of shape (n,).

    `user` and `merchant` are codes into the sorted `user_names` and `merchant_names`, -1 for
    nobody. `known_timestamp` is the epoch second at which the label became known, `NOT_KNOWN` if
    there is none; `is_fraud` means something only where there is one.
    """

    transaction_id: NDArray[np.object_]
    timestamp: Int64s
    amount_minor: Int64s
    user: Int64s
    merchant: Int64s
    known_timestamp: Int64s
    is_fraud: Int64s
    user_names: NDArray[np.object_]
    merchant_names: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.timestamp)

    def take(self, rows: NDArray[np.bool_]) -> "FraudDataset":
        """Return the transactions of a mask of shape (n,)."""
        return FraudDataset(
            transaction_id=self.transaction_id[rows],
            timestamp=self.timestamp[rows],
            amount_minor=self.amount_minor[rows],
            user=self.user[rows],
            merchant=self.merchant[rows],
            known_timestamp=self.known_timestamp[rows],
            is_fraud=self.is_fraud[rows],
            user_names=self.user_names,
            merchant_names=self.merchant_names,
        )

    def forget_labels_from(self, moment: int) -> "FraudDataset":
        """Return the transactions without the labels that became known at or after a moment."""
        known = self.known_before(moment)
        return replace(
            self,
            known_timestamp=np.where(known, self.known_timestamp, NOT_KNOWN),
            is_fraud=np.where(known, self.is_fraud, 0),
        )

    def known_before(self, moment: int) -> NDArray[np.bool_]:
        """Return which labels were known before an epoch second, a mask of shape (n,)."""
        known: NDArray[np.bool_] = self.known_timestamp < moment
        return known

    def codes(self, kind: EntityKind) -> Int64s:
        """Return each transaction's user or merchant."""
        return self.user if kind is EntityKind.USER else self.merchant

    def events(self, kind: EntityKind) -> Events:
        """Return the transactions of that kind of entity, leaving out those without one."""
        entity = self.codes(kind)
        some = entity >= 0
        return Events(entity[some], self.timestamp[some], self.amount_minor[some])

    def labels(self, kind: EntityKind) -> Labels:
        """Return the labels of that kind of entity, whenever they became known."""
        entity = self.codes(kind)
        some = (entity >= 0) & (self.known_timestamp != NOT_KNOWN)
        return Labels(
            entity[some],
            self.timestamp[some],
            self.known_timestamp[some],
            self.is_fraud[some],
        )

    def features(self, since: int = 0) -> NDArray[np.float32]:
        """Return feature rows of shape (n, n_features), each as serving would have seen it.

        Parameters
        ----------
        since
            Epoch second; rows are made only of the transactions from then on.
        """
        first = int(np.searchsorted(self.timestamp, since))
        timestamp = self.timestamp[first:]
        user, merchant = (
            EntityHistory(kind, self.events(kind), self.labels(kind)).aggregates_at(
                self.codes(kind)[first:], timestamp
            )
            for kind in (EntityKind.USER, EntityKind.MERCHANT)
        )
        return feature_rows(self.amount_minor[first:], timestamp, user, merchant)


def from_tables(transactions: pd.DataFrame, labels: pd.DataFrame) -> FraudDataset:
    """Join validated tables into a dataset in time order (ties by transaction_id).

    Parameters
    ----------
    transactions, labels
        The documented tables; timestamps are UTC.
    """
    ordered = transactions.assign(seconds=epoch_seconds(transactions["timestamp"]))
    ordered = ordered.sort_values(["seconds", "transaction_id"], kind="stable")
    known = epoch_seconds(labels["label_timestamp"])
    fraud = labels["is_fraud"].to_numpy().astype(np.int64)
    index = pd.Index(labels["transaction_id"])
    row = index.get_indexer(pd.Index(ordered["transaction_id"]))
    labelled = row >= 0
    user, user_names = pd.factorize(ordered["user_id"], sort=True)
    merchant, merchant_names = pd.factorize(ordered["merchant_id"], sort=True)
    return FraudDataset(
        transaction_id=ordered["transaction_id"].to_numpy(dtype=object),
        timestamp=ordered["seconds"].to_numpy(),
        amount_minor=to_minor_array(ordered["amount"].to_numpy(dtype=np.float64)),
        user=user.astype(np.int64),
        merchant=merchant.astype(np.int64),
        known_timestamp=_where_labelled(known, row, labelled, NOT_KNOWN),
        is_fraud=_where_labelled(fraud, row, labelled, 0),
        user_names=np.asarray(user_names, dtype=object),
        merchant_names=np.asarray(merchant_names, dtype=object),
    )


def _where_labelled(
    values: Int64s, row: NDArray[np.intp], labelled: NDArray[np.bool_], otherwise: int
) -> Int64s:
    out = np.full(len(row), otherwise, dtype=np.int64)
    out[labelled] = values[row[labelled]]
    return out
