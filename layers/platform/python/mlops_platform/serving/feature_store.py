"""The online features' writer: each served transaction counts once, whoever delivers it how often.

A transaction's marker and the states it changes are written in one DynamoDB transaction, so a
crash leaves all of it or nothing, and a repetition finds the marker.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mlops_platform.aws.backoff import pause
from mlops_platform.errors import FeatureConflictError
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.state import EntityState
from mlops_platform.serving.feature_items import Item, StoredState, put_marker
from mlops_platform.serving.feature_table import MAX_ATTEMPTS, FeatureTable
from mlops_platform.serving.served_transaction import ServedTransaction

# A marker and two states for each: 75 of the 100 actions that DynamoDB allows in one transaction.
CHUNK_SIZE = 25
# Lambda tries again within hours; the rest is for whoever redrives dead letters or a week.
MARKER_SECONDS = 8 * DAY_SECONDS


@dataclass(frozen=True, kw_only=True)
class FeatureStore:
    """Folds transactions into states.

    Parameters
    ----------
    table
        The online feature table.
    clock
        Epoch seconds, for the markers' expiry.
    """

    table: FeatureTable
    clock: Callable[[], float] = time.time

    def apply(self, transactions: Iterable[ServedTransaction]) -> int:
        """Fold transactions into their users' and merchants' states; return how many were new.

        Raises
        ------
        FeatureConflictError
            Other writers kept changing the same states. What was applied until then stays; the
            same call may be repeated.
        FeatureStateError
            A stored state cannot be read; materialise the features again.
        """
        unique = {transaction.transaction_id: transaction for transaction in transactions}
        pending = iter(unique.values())
        chunks = iter(lambda: list(itertools.islice(pending, CHUNK_SIZE)), [])
        return sum(self._apply_chunk(chunk) for chunk in chunks)

    def _apply_chunk(self, chunk: Sequence[ServedTransaction]) -> int:
        entities = [name for t in chunk for name in (t.marker, *t.entities)]
        for attempt in range(MAX_ATTEMPTS):
            items = self.table.read(entities)
            fresh = [transaction for transaction in chunk if transaction.marker not in items]
            if not fresh or self.table.write(self._puts(fresh, items)):
                return len(fresh)
            pause(attempt)
        raise FeatureConflictError(
            f"{len(chunk)} transactions met other writers {MAX_ATTEMPTS} times; "
            "deliver them again, those that were counted already are recognised."
        )

    def _puts(self, fresh: Sequence[ServedTransaction], items: Mapping[str, Item]) -> list[Item]:
        """Return the markers of transactions and the states that they lead to."""
        expires_at = int(self.clock()) + MARKER_SECONDS
        name = self.table.name
        return [
            *(put_marker(name, transaction.marker, expires_at) for transaction in fresh),
            *(stored.put(name) for stored in _fold(fresh, items)),
        ]


def _fold(
    transactions: Sequence[ServedTransaction], items: Mapping[str, Item]
) -> list[StoredState]:
    states: dict[str, StoredState] = {}

    def state_of(entity: str, kind: EntityKind) -> EntityState:
        if entity not in states:
            known = items.get(entity)
            empty = StoredState(entity=entity, state=EntityState(kind))
            states[entity] = StoredState.from_item(known) if known else empty
        return states[entity].state

    for t in transactions:
        event = (t.timestamp, t.amount_minor, t.id_hash)
        # A snapshot may hold what is delivered late; the user's recent events show it.
        is_new = t.user is None or state_of(t.user, EntityKind.USER).fold(*event)
        if is_new and t.merchant is not None:
            state_of(t.merchant, EntityKind.MERCHANT).fold(*event)
    return list(states.values())
