"""API keys: random, shown once, stored as hashes."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from mlops_platform.aws.clients import client

SCOPES: Final = frozenset({"predict", "read", "operate", "approve"})
_PREFIX = "sm_"
_RANDOM_BYTES = 32
# Longer than any key of ours; nobody shall make us hash megabytes.
_MAX_LENGTH = 256


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What the table says about a key: its holder's name and what it may do."""

    name: str
    scopes: frozenset[str]


def hash_key(key: str) -> str:
    """Return a key's SHA-256 in hexadecimal digits, under which the table files it.

    A slow password hash would buy nothing: a key holds 256 random bits, so there is no dictionary
    to try. And since the table is asked for the hash, no comparison leaks the key by its timing.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def create_api_key(table: str, name: str, scopes: Collection[str]) -> str:
    """Create a key and return it; it cannot be read again later.

    Parameters
    ----------
    table
        The API key table.
    name
        Who will use it, for logs and audits.
    scopes
        Some of `SCOPES`.

    Raises
    ------
    ValueError
        The name is empty, there are no scopes, or one is unknown.

    Examples
    --------
    >>> create_api_key("keys", "dashboard", ["reed"])
    Traceback (most recent call last):
    ValueError: There is no scope 'reed'. Scopes: approve, operate, predict, read.
    """
    unknown = sorted(set(scopes) - SCOPES)
    if unknown:
        raise ValueError(f"There is no scope {unknown[0]!r}. Scopes: {', '.join(sorted(SCOPES))}.")
    if not name or not scopes:
        raise ValueError("A key needs a name and at least one scope.")
    key = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    client("dynamodb").put_item(
        TableName=table,
        Item={
            "key_hash": {"S": hash_key(key)},
            "name": {"S": name},
            "scopes": {"SS": sorted(set(scopes))},
            "created_at": {"S": datetime.now(UTC).isoformat(timespec="seconds")},
        },
        ConditionExpression="attribute_not_exists(key_hash)",
    )
    return key


def find_api_key(dynamodb: Any, table: str, key: str) -> ApiKey | None:
    """Return what a key may do, or None for a key that was never given out or was revoked.

    Parameters
    ----------
    dynamodb
        The boto3 client.
    table
        The API key table.
    key
        What the caller sent; anything at all.
    """
    if not key or len(key) > _MAX_LENGTH:
        return None
    item = dynamodb.get_item(TableName=table, Key={"key_hash": {"S": hash_key(key)}}).get("Item")
    if item is None:
        return None
    return ApiKey(name=item["name"]["S"], scopes=frozenset(item["scopes"]["SS"]))


def revoke_api_key(table: str, key: str) -> None:
    """Forget a key; answers that API Gateway has cached stay valid for up to 300 s."""
    client("dynamodb").delete_item(TableName=table, Key={"key_hash": {"S": hash_key(key)}})
