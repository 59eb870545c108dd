"""The states of all users and merchants as a training job leaves them."""

from collections.abc import Iterator

import numpy as np

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.identity import entity_name, id_hash
from mlops_platform.features.snapshot import pack_states
from mlops_platform.features.state import RECENT_SECONDS
from mlops_platform.models.fraud_detection.dataset import FraudDataset


def entity_states(dataset: FraudDataset, as_of: int) -> Iterator[tuple[str, bytes]]:
    """Yield each entity's name and packed state, from what happened or was known before `as_of`.

    Parameters
    ----------
    dataset
        Transactions with their labels.
    as_of
        Epoch second, the start of a UTC day.
    """
    past = dataset.take(dataset.timestamp < as_of).forget_labels_from(as_of)
    hashes = _hashes(past)
    for kind, names in (
        (EntityKind.USER, past.user_names),
        (EntityKind.MERCHANT, past.merchant_names),
    ):
        states = pack_states(kind, len(names), past.events(kind), past.labels(kind), hashes)
        for name, state in zip(names, states, strict=True):
            yield entity_name(kind, str(name)), state


def _hashes(dataset: FraudDataset) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """Return the hashes of all transactions by users; 0 where no state can keep the event."""
    hashes = np.zeros(len(dataset), dtype=np.uint64)
    newest = np.full(len(dataset.user_names), -1)
    some = dataset.user >= 0
    np.maximum.at(newest, dataset.user[some], dataset.timestamp[some])
    recent = some & (dataset.timestamp > newest[dataset.user] - RECENT_SECONDS)
    for row in np.flatnonzero(recent):
        hashes[row] = id_hash(str(dataset.transaction_id[row]))
    return hashes[some]
