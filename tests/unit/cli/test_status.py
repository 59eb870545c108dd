import json
from typing import Any

import pytest
from click.testing import CliRunner

from mlops_platform.cli import status
from mlops_platform.cli.application import mlops
from mlops_platform.sdk import discovery
from mlops_platform.sdk.api_client import Answer


class Platform:
    """Answers what `mlops status` asks the API and Step Functions."""

    def __init__(self, _config: object = None) -> None:
        pass

    def request(self, _method: str, _path: str) -> Answer:
        return Answer(status=200, headers={}, body={"status": "ok"})

    def list_executions(self, **_request: Any) -> dict[str, Any]:
        return {"executions": []}


@pytest.mark.parametrize(
    ("given", "shown"),
    [("http://localhost:5000", "http://localhost:5000"), ("", "published tracking_uri")],
)
def test_status_says_where_the_experiments_are(
    monkeypatch: pytest.MonkeyPatch, given: str, shown: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", given)
    monkeypatch.setattr(status, "ApiClient", Platform)
    monkeypatch.setattr(status, "client", Platform)
    for module in (status, discovery):
        monkeypatch.setattr(module, "discover", lambda _config, key: f"published {key}")

    printed = CliRunner().invoke(mlops, ["--json", "status"])

    assert json.loads(printed.output)["tracking_uri"] == shown
