"""A write says False for one reason only: somebody else was faster."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlops_platform.errors import CaptureConflictError
from mlops_platform.monitoring import monitoring_table
from mlops_platform.monitoring.monitoring_table import MAX_ATTEMPTS, MonitoringTable, key
from tests.unit.monitoring.small_platform import TABLE, SmallPlatform
from tests.unit.registry.refusing_client import RefusingClient

PUT: dict[str, Any] = {
    "Put": {"Item": key("p", "here"), "ConditionExpression": "attribute_not_exists(place)"}
}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring_table, "pause", lambda _: None)


def refusing(platform: SmallPlatform, code: str, times: int) -> MonitoringTable:
    return MonitoringTable(RefusingClient(platform.table.dynamodb, code, times), TABLE)


def test_what_is_there_already_is_not_written_again(platform: SmallPlatform) -> None:
    assert platform.table.write([PUT]) is True
    assert platform.table.write([PUT]) is False


@pytest.mark.parametrize(
    "code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_throttled_write_is_sent_again(platform: SmallPlatform, code: str) -> None:
    table = refusing(platform, code, times=MAX_ATTEMPTS - 1)

    assert table.write([PUT]) is True
    assert platform.table.read([("p", "here")]) == [key("p", "here")]


def test_a_table_without_capacity_is_no_faster_writer(platform: SmallPlatform) -> None:
    table = refusing(platform, "ThrottlingError", times=MAX_ATTEMPTS)

    with pytest.raises(CaptureConflictError, match="throttled"):
        table.write([PUT])

    assert platform.table.read([("p", "here")]) == []


def test_what_would_fail_again_is_raised_as_it_is(platform: SmallPlatform) -> None:
    with pytest.raises(ClientError, match="ValidationError"):
        refusing(platform, "ValidationError", times=1).write([PUT])
