import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.mlflow_rest import MlflowRest
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.tables import create_registry_tables, ledger_in

START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("mlflow")
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--workers", "1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    command += ["--default-artifact-root", str(folder / "artifacts")]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **quiet}, stdout=log, stderr=subprocess.STDOUT, cwd=folder
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_until_healthy(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            if urllib3.request("GET", f"{url}/health", retries=False, timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"MLflow did not start: {log.read_text()}")


@pytest.fixture(params=["real server", "fake"])
def mlflow(request: pytest.FixtureRequest) -> MlflowRest:
    if request.param == "fake":
        return FakeMlflow()
    return MlflowRest(request.getfixturevalue("mlflow_server"))


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    with mock_aws():
        dynamodb = client("dynamodb")
        create_registry_tables(dynamodb)
        yield dynamodb
    client.cache_clear()


@pytest.fixture
def ledger(dynamodb: Any) -> Ledger:
    return ledger_in(dynamodb)
