"""Capture's table and buckets in moto, with one bundle, and environments that write records."""

import base64
import gzip
import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import orjson

from mlops_platform.bundle.location import bundle_prefix
from mlops_platform.bundle.manifest import MANIFEST, REFERENCE_PROFILE, Manifest
from mlops_platform.features.clock import format_instant
from mlops_platform.monitoring.capture import Capture
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.environment_log import EnvironmentLog, environments_of
from mlops_platform.monitoring.label_join import LabelJoin
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.prediction_log import PredictionLog
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile
from tests.unit.profiles.small_reference import small_reference

MODEL = "fraud_detection"
TABLE, BUCKET, BUNDLES = "monitoring", "monitoring-objects", "bundles"
# 2026-03-02T12:00:00Z.
NOON = 1_772_452_800

Record = dict[str, Any]


class Clock:
    """A clock that tests move."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class OneAtATime:
    """A client whose calls are each whole, as DynamoDB's are; moto's transactions are not."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, threading.RLock()

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions" or not callable(attribute):
            return attribute

        def call(*arguments: Any, **request: Any) -> Any:
            with self._lock:
                return attribute(*arguments, **request)

        return call


class SmallPlatform:
    """What capture needs, over given clients."""

    def __init__(self, dynamodb: Any, s3: Any) -> None:
        self.clock = Clock()
        self.table = MonitoringTable(dynamodb, TABLE)
        self.log = PredictionLog(s3=s3, bucket=BUCKET, table=self.table)
        self.profiles = ProfileStore(s3=s3, bucket=BUCKET, table=self.table)
        self.references = ReferenceProfiles(s3=s3, bucket=BUNDLES)
        parts = {
            "table": self.table,
            "log": self.log,
            "profiles": self.profiles,
            "references": self.references,
            "clock": self.clock,
        }
        self.capture = Capture(**parts)  # type: ignore[arg-type]
        self.label_join = LabelJoin(**parts)  # type: ignore[arg-type]

    def merged(self, series: Series) -> Profile:
        profile = self.profiles.merged(series, "0000", "9999")
        return profile or Profile.empty(self.references.of(series))

    def environments(self) -> dict[str, EnvironmentLog]:
        items = self.table.query(environments_of(MODEL))
        return {log.environment_id: log for log in map(EnvironmentLog.from_item, items)}


def create_storage(dynamodb: Any, s3: Any) -> None:
    for bucket in (BUCKET, BUNDLES):
        s3.create_bucket(Bucket=bucket)
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "partition", "KeyType": "HASH"},
            {"AttributeName": "place", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "partition", "AttributeType": "S"},
            {"AttributeName": "place", "AttributeType": "S"},
        ],
    )


def put_bundle(s3: Any, reference: ReferenceProfile | None = None, seed: int = 0) -> Series:
    """Store as much of a bundle as capture reads; return whose predictions it makes."""
    content = (reference or small_reference(seed)).to_bytes()
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


def some_records(
    series: Series, n: int, *, environments: int = 2, seed: int = 0, span_seconds: int = 7_200
) -> list[Record]:
    """Return records of several environments, in the order in which they were written."""
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    next_number = dict.fromkeys(range(environments), 1)
    records = []
    for index in range(n):
        environment = chance.randrange(environments)
        happened = NOON + index * span_seconds // n
        score = chance.random()
        records.append(
            {
                "record": "prediction",
                "prediction_id": prediction_id(happened * 1_000 + index % 1_000, chance),
                "model_name": series.model_name,
                "model_version": "1.0.0",
                "bundle_sha256": series.bundle_sha256,
                "occurred_at": format_instant(happened),
                "features": {"amount": chance.randrange(1, 100)},
                "inputs": [chance.choice([None, chance.lognormvariate(3, 1)]), chance.randrange(4)],
                "output": {"risk": score, "is_fraud": score >= 0.5},
                "environment_id": f"e{seed}-{environment}",
                "sequence": next_number[environment],
                "timestamp": format_instant(happened),
                "degraded": chance.choice([[], [], ["feature_lookup"]]),
                "compute_ms": chance.random() * 10,
                "lookup_ms": 0.0,
            }
        )
        next_number[environment] += 1
    return records


def prediction_id(milliseconds: int, chance: Random) -> str:
    number = milliseconds << 80 | 7 << 76 | 0b10 << 62 | chance.getrandbits(62)
    digits = f"{number:032x}"
    uuid = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return f"{uuid}.{MODEL}.1.0.0"


def delivery(records: Iterable[Record | str]) -> dict[str, Any]:
    """Return a subscription event, as CloudWatch Logs packs it."""
    lines = (each if isinstance(each, str) else orjson.dumps(each).decode() for each in records)
    payload = {"messageType": "DATA_MESSAGE", "logEvents": [{"message": line} for line in lines]}
    data = base64.b64encode(gzip.compress(json.dumps(payload).encode())).decode()
    return {"awslogs": {"data": data}}


def expected(records: Sequence[Record], reference: ReferenceProfile | None = None) -> bytes:
    """Return the profile that counting each record once leads to."""
    return Profile.of(reference or small_reference(), records).to_bytes()
