from collections.abc import Iterator

import pytest
from moto import mock_aws

from local_cloud import dynamodb_transactions
from mlops_platform.aws.clients import client
from mlops_platform.monitoring.captured_prediction import Series
from tests.unit.monitoring.small_platform import (
    OneAtATime,
    SmallPlatform,
    create_storage,
    put_bundle,
)


@pytest.fixture(autouse=True)
def fast_transactions() -> None:
    """Spare moto the copies of whole tables that it makes for each action of a transaction."""
    dynamodb_transactions.install()


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def aws(credentials: None) -> Iterator[None]:  # noqa: ARG001 - must be there first
    client.cache_clear()
    with mock_aws():
        yield
    client.cache_clear()


@pytest.fixture
def platform(aws: None) -> SmallPlatform:  # noqa: ARG001 - must be there first
    create_storage(client("dynamodb"), client("s3"))
    return SmallPlatform(OneAtATime(client("dynamodb")), OneAtATime(client("s3")))


@pytest.fixture
def series(platform: SmallPlatform) -> Series:
    return put_bundle(platform.log.s3)
