"""How entities and transactions are named in the online state."""

from hashlib import blake2b

from mlops_platform.features.aggregates import EntityKind

_PREFIXES = {EntityKind.USER: "user#", EntityKind.MERCHANT: "merchant#"}


def entity_name(kind: EntityKind, identifier: str) -> str:
    """Return an entity's key in the online feature table.

    Examples
    --------
    >>> entity_name(EntityKind.USER, "12")
    'user#12'
    """
    return _PREFIXES[kind] + identifier


def id_hash(transaction_id: str) -> int:
    """Return a 64-bit hash of a transaction's id, the same on every machine."""
    return int.from_bytes(blake2b(transaction_id.encode(), digest_size=8).digest(), "little")
