"""The table and buckets of capture in moto, and what is written to them."""

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.capture.traffic import MODEL
from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.bundle.manifest import MANIFEST, REFERENCE_PROFILE, Manifest
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.profiles.reference import ReferenceProfile

MONITORING_TABLE: Final = "monitoring"
BUCKET: Final = "monitoring-objects"
BUNDLES: Final = "bundles"
_WRITE_UNIT_BYTES: Final = 1_024
# A write within a transaction is paid twice.
_TRANSACTION_FACTOR: Final = 2


@dataclass
class Written:
    """What went into monitoring's table and bucket through a `CountingClient`.

    Parameters
    ----------
    items, item_bytes, write_units
        Writes, their size, and what DynamoDB charges for them.
    objects, object_bytes
        Objects put into S3.
    cancelled
        Transactions that met another writer and were built anew.
    """

    items: int = 0
    item_bytes: int = 0
    write_units: int = 0
    objects: int = 0
    object_bytes: int = 0
    cancelled: int = 0


class CountingClient:
    """A boto3 client that adds up what is written through it."""

    def __init__(self, client: Any, written: Written) -> None:
        self._client, self._written = client, written
        # moto closes an object's file when another thread overwrites it; S3 does not.
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, *, TransactItems: list[Any]) -> Any:  # noqa: N803 - boto3's
        """Write a transaction; what it writes counts when it goes through."""
        try:
            answer = self._client.transact_write_items(TransactItems=TransactItems)
        except self._client.exceptions.TransactionCanceledException:
            self._written.cancelled += 1
            raise
        for action in TransactItems:
            self._count(next(iter(action.values())), _TRANSACTION_FACTOR)
        return answer

    def update_item(self, **request: Any) -> Any:
        """Update and count an item."""
        self._count(request, 1)
        return self._client.update_item(**request)

    def put_item(self, **request: Any) -> Any:
        """Put and count an item."""
        self._count(request, 1)
        return self._client.put_item(**request)

    def put_object(self, **request: Any) -> Any:
        """Put and count an object."""
        with self._lock:
            self._written.objects += 1
            self._written.object_bytes += len(request["Body"])
            return self._client.put_object(**request)

    def _count(self, request: Any, factor: int) -> None:
        item = request.get("Item") or {
            **request["Key"],
            **request.get("ExpressionAttributeValues", {}),
        }
        size = sum(len(name) + _size(value) for name, value in item.items())
        with self._lock:
            self._written.items += 1
            self._written.item_bytes += size
            self._written.write_units += factor * -(-size // _WRITE_UNIT_BYTES)


def create(dynamodb: Any, s3: Any) -> None:
    """Create the table and buckets."""
    for bucket in (BUCKET, BUNDLES):
        s3.create_bucket(Bucket=bucket)
    keys = {"partition": "HASH", "place": "RANGE"}
    dynamodb.create_table(
        TableName=MONITORING_TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
    )


def put_bundle(s3: Any, reference: ReferenceProfile) -> Series:
    """Store as much of a bundle as capture reads; return whose predictions it makes."""
    content = reference.to_bytes()
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
    manifest = Manifest(
        model_name=MODEL,
        algorithm="none",
        as_of="2026-03-01T00:00:00Z",
        request=[],
        response=[],
        feature_version=1,
        feature_names=[],
        threshold=0.5,
        parity={},
        lineage={},
        files={REFERENCE_PROFILE: entry},
    )
    series = Series(MODEL, manifest.bundle_sha256)
    prefix = bundle_prefix(*series)
    s3.put_object(Bucket=BUNDLES, Key=prefix + REFERENCE_PROFILE, Body=content)
    s3.put_object(Bucket=BUNDLES, Key=prefix + MANIFEST, Body=json.dumps(manifest.to_dict()))
    return series


def _size(value: dict[str, Any]) -> int:
    """Return about what DynamoDB counts for a value, in bytes."""
    ((_, content),) = value.items()
    return len(content) if isinstance(content, str | bytes) else 1
