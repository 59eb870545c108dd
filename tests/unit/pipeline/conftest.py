import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from tests.unit.registry.tables import create_registry_tables

ARTIFACTS, DATA, BUNDLES = "artifacts", "data", "bundles"
FEATURES = "features"

PutArchive = Callable[[Mapping[str, bytes]], str]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    with mock_aws():
        for bucket in (ARTIFACTS, DATA, BUNDLES):
            client("s3").create_bucket(Bucket=bucket)
        create_registry_tables(client("dynamodb"))
        client("dynamodb").create_table(
            TableName=FEATURES,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "entity", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "entity", "AttributeType": "S"}],
        )
        yield
    client.cache_clear()


@pytest.fixture
def s3(aws: None) -> Any:
    del aws
    return client("s3")


@pytest.fixture
def dynamodb(aws: None) -> Any:
    del aws
    return client("dynamodb")


@pytest.fixture
def put_archive(s3: Any) -> PutArchive:
    """Return a function that puts files as ``model.tar.gz`` and returns its address."""

    def put(files: Mapping[str, bytes]) -> str:
        return put_bytes(s3, archive_of(files))

    return put


def put_bytes(s3: Any, content: bytes) -> str:
    s3.put_object(Bucket=ARTIFACTS, Key="training/job/output/model.tar.gz", Body=content)
    return f"s3://{ARTIFACTS}/training/job/output/model.tar.gz"


def archive_of(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def evaluation(**changes: Any) -> dict[str, Any]:
    return {
        "metrics": {
            "average_precision": 0.7,
            "auc_roc": 0.9,
            "accuracy": 0.99,
            "majority_accuracy": 0.98,
            "n_rows": 10_000,
            "n_positive": 200,
        },
        "contract": {"parity_max_abs_diff": 6e-7, "latency_ms_p95": 0.1, "package_mb": 140.0},
        "champion": None,
        **changes,
    }


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
