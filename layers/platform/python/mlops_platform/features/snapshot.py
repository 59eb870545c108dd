"""Every entity's state as of one day, built from whole tables at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mlops_platform.features.aggregates import NEVER, EntityKind
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.history import Events, Int64s, Labels
from mlops_platform.features.packed_layout import DAY, HEADER, RECENT
from mlops_platform.features.packing import MAGIC, VERSION
from mlops_platform.features.state import KEEP_DAYS, MAX_RECENT, RECENT_SECONDS


def pack_states(
    kind: EntityKind,
    n_entities: int,
    events: Events,
    labels: Labels,
    id_hash: NDArray[np.uint64],
) -> Iterator[bytes]:
    """Yield the packed state of entity codes 0, 1, … as folding the same rows would build it.

    Parameters
    ----------
    kind
        Users keep their recent events, merchants do not.
    n_entities
        Codes run below this.
    events, labels
        Only what happened, or became known, before the snapshot's moment.
    id_hash : of shape (n_events,)
        The transactions' 64-bit hashes, read for the recent ones.
    """
    header = _headers(kind, n_entities, events, labels)
    days, day_entity = _days(events, labels, header["newest"])
    recent, recent_entity = (
        _recent(events, id_hash, header)
        if kind is EntityKind.USER
        else (np.zeros(0, RECENT), np.zeros(0, np.int64))
    )
    codes = np.arange(n_entities + 1)
    day_start = np.searchsorted(day_entity, codes)
    recent_start = np.searchsorted(recent_entity, codes)
    header["n_days"] = np.diff(day_start)
    header["n_recent"] = np.diff(recent_start)
    for code in range(n_entities):
        yield (
            header[code].tobytes()
            + days[day_start[code] : day_start[code + 1]].tobytes()
            + recent[recent_start[code] : recent_start[code + 1]].tobytes()
        )


def _headers(kind: EntityKind, n_entities: int, events: Events, labels: Labels) -> NDArray[np.void]:
    header = np.zeros(n_entities, HEADER)
    header["magic"], header["version"], header["kind"] = MAGIC, VERSION, kind
    np.add.at(header["n"], events.entity, 1)
    np.add.at(header["amount"], events.entity, events.amount)
    np.add.at(header["squares"], events.entity, events.amount * events.amount)
    np.add.at(header["labels"], labels.entity, 1)
    np.add.at(header["frauds"], labels.entity, labels.is_fraud)
    first = np.full(n_entities, np.iinfo(np.int64).max)
    np.minimum.at(first, events.entity, events.timestamp)
    header["first"] = np.where(header["n"] > 0, first, NEVER)
    header["forgotten"] = header["newest"] = NEVER
    np.maximum.at(header["newest"], events.entity, events.timestamp)
    np.maximum.at(header["newest"], labels.entity, labels.known_timestamp)
    return header


def _days(events: Events, labels: Labels, newest: Int64s) -> tuple[NDArray[np.void], Int64s]:
    """Return the kept day buckets, sorted by (entity, day), and each one's entity."""
    fraud = labels.is_fraud == 1
    entity = np.concatenate([events.entity, labels.entity, labels.entity[fraud]])
    day = (
        np.concatenate([events.timestamp, labels.known_timestamp, labels.timestamp[fraud]])
        // DAY_SECONDS
    )
    keys, slot = np.unique(entity << 32 | day, return_inverse=True)
    of_event, of_label, of_fraud = np.split(
        slot, [len(events.entity), len(events.entity) + len(labels.entity)]
    )
    days = np.zeros(len(keys), DAY)
    days["day"] = keys & 0xFFFFFFFF
    np.add.at(days["n"], of_event, 1)
    np.add.at(days["amount"], of_event, events.amount)
    np.add.at(days["squares"], of_event, events.amount * events.amount)
    np.add.at(days["labels"], of_label, 1)
    np.add.at(days["frauds"], of_label, labels.is_fraud.astype(np.int32))
    known = np.full(len(keys), np.iinfo(np.int64).max)
    np.minimum.at(known, of_fraud, labels.known_timestamp[fraud] // DAY_SECONDS)
    days["fraud_known_day"] = np.where(known < np.iinfo(np.int64).max, known, NEVER)
    owner = keys >> 32
    kept = days["day"] > newest[owner] // DAY_SECONDS - KEEP_DAYS
    return days[kept], owner[kept]


def _recent(
    events: Events, id_hash: NDArray[np.uint64], header: NDArray[np.void]
) -> tuple[NDArray[np.void], Int64s]:
    """Return the kept recent events in order, and write the newest forgotten ones to `header`."""
    newest = np.full(len(header), NEVER)
    np.maximum.at(newest, events.entity, events.timestamp)
    order = np.lexsort((events.amount, id_hash, events.timestamp, events.entity))
    entity, timestamp = events.entity[order], events.timestamp[order]
    # Rank counted from the entity's newest event, 0 first.
    end = np.searchsorted(entity, entity, side="right")
    rank = end - 1 - np.arange(len(entity))
    kept = (timestamp > newest[entity] - RECENT_SECONDS) & (rank < MAX_RECENT)
    np.maximum.at(header["forgotten"], entity[~kept], timestamp[~kept])
    recent = np.zeros(int(kept.sum()), RECENT)
    recent["timestamp"] = timestamp[kept]
    recent["id_hash"] = id_hash[order][kept]
    recent["amount"] = events.amount[order][kept]
    return recent, entity[kept]
