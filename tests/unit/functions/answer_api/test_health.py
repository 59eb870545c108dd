"""`GET /health`."""

import pytest

from mlops_platform.errors import (
    TrackingServerError,
)
from mlops_platform.registry.control_service import ControlService
from tests.unit.functions.answer_api.calls import Call
from tests.unit.registry.tables import LEDGER, ROUTING


def test_a_healthy_platform_says_so(call: Call) -> None:
    assert call("GET", "/health") == (
        200,
        {
            "status": "ok",
            "dependencies": {
                "ledger": {"status": "ok"},
                "routing_table": {"status": "ok"},
                "tracking_server": {"status": "ok"},
            },
        },
    )


def test_health_names_the_tracking_server_that_does_not_answer(
    call: Call, service: ControlService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise TrackingServerError("gone")

    monkeypatch.setattr(service.mlflow, "check_health", refuse)

    status, body = call("GET", "/health")

    assert (status, body["status"]) == (503, "unavailable")
    assert body["dependencies"]["tracking_server"] == {"status": "unavailable"}
    assert body["dependencies"]["routing_table"] == {"status": "ok"}


@pytest.mark.parametrize(("table", "named"), [(LEDGER, "ledger"), (ROUTING, "routing_table")])
def test_health_names_the_table_that_does_not_answer(
    call: Call, service: ControlService, table: str, named: str
) -> None:
    service.ledger.table.dynamodb.delete_table(TableName=table)

    status, body = call("GET", "/health")

    assert status == 503
    unavailable = [n for n, d in body["dependencies"].items() if d["status"] == "unavailable"]
    assert unavailable == [named]
