"""Tonight's snapshot becomes part of the online states."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mlops_platform.aws.backoff import pause
from mlops_platform.errors import FeatureConflictError, FeatureStateError
from mlops_platform.features.merging import merge
from mlops_platform.features.packing import from_bytes, to_bytes
from mlops_platform.features.state import EntityState
from mlops_platform.observability.logging import logger
from mlops_platform.serving.feature_items import Item, StoredState
from mlops_platform.serving.feature_table import MAX_ATTEMPTS, FeatureTable

# DynamoDB's limit for one transaction.
CHUNK_SIZE = 100

Pair = tuple[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Materialization:
    """Merges a snapshot into the online feature table.

    It may be stopped and started anew at any point, and merging the same snapshot again changes
    nothing. An entity that holds a newer one is left alone. Users come before merchants in a
    snapshot, so that a transaction which is delivered meanwhile is recognised in its user's state
    before it can reach the merchant.

    Parameters
    ----------
    table
        The online feature table.
    as_of
        Start of a UTC day, epoch seconds: the snapshot holds what happened before it.
    """

    table: FeatureTable
    as_of: int

    def run(self, snapshot: Iterable[Pair]) -> int:
        """Merge (entity, packed state) pairs; return how many states were written.

        Raises
        ------
        FeatureStateError
            The snapshot's bytes cannot be read.
        FeatureConflictError
            Other writers kept changing a state; run it again.
        """
        pairs = iter(snapshot)
        chunks = iter(lambda: list(itertools.islice(pairs, CHUNK_SIZE)), [])
        return sum(self._merge(chunk) for chunk in chunks)

    def _merge(self, chunk: Sequence[Pair], attempt: int = 0) -> int:
        """Write a chunk's merged states; when others interfere, in ever smaller pieces."""
        live = self.table.read(entity for entity, _ in chunk)
        due = [pair for pair in chunk if _until(live.get(pair[0])) <= self.as_of]
        merged = [self._merged(entity, packed, live.get(entity)) for entity, packed in due]
        changed = [stored for stored in merged if not _holds(live.get(stored.entity), stored)]
        if not changed or self.table.write([stored.put(self.table.name) for stored in changed]):
            return len(changed)
        if attempt == MAX_ATTEMPTS:
            raise FeatureConflictError(
                f"{due[0][0]} met other writers {attempt} times; run the materialisation again."
            )
        pause(attempt)
        half = len(due) // 2
        pieces = [piece for piece in (due[:half], due[half:]) if piece]
        return sum(self._merge(piece, attempt + 1) for piece in pieces)

    def _merged(self, entity: str, packed: bytes, item: Item | None) -> StoredState:
        snapshot = from_bytes(packed)
        if item is None:
            return StoredState(entity=entity, state=snapshot, materialized_until=self.as_of)
        try:
            live = StoredState.from_item(item)
        except FeatureStateError:
            # Written by another version of the code: the snapshot is all that can be known.
            logger.warning("a live state cannot be read", extra={"entity": entity}, exc_info=True)
            live = StoredState(
                entity=entity, state=EntityState(snapshot.kind), version=int(item["version"]["N"])
            )
        state = merge(snapshot, live.state, self.as_of)
        return replace(live, state=state, materialized_until=self.as_of)


def _holds(item: Item | None, stored: StoredState) -> bool:
    """Whether an item says already what would be written."""
    return (
        item is not None
        and _until(item) == stored.materialized_until
        and bytes(item["state"]["B"]) == to_bytes(stored.state)
    )


def _until(item: Item | None) -> int:
    """Return the moment of the newest snapshot in an item, 0 for none."""
    return int(item.get("materialized_until", {"N": "0"})["N"]) if item else 0
