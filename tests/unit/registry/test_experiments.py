import uuid

import pytest

from mlops_platform.registry.experiments import list_experiments
from mlops_platform.registry.mlflow_rest import MlflowRest


@pytest.fixture
def mlflow(mlflow_server: str) -> MlflowRest:
    return MlflowRest(mlflow_server)


def test_experiments_come_with_their_latest_runs(mlflow: MlflowRest) -> None:
    name = f"experiment-{uuid.uuid4().hex}"
    experiment = mlflow.post("experiments/create", {"name": name})["experiment_id"]
    runs = [
        mlflow.post("runs/create", {"experiment_id": experiment, "start_time": start})["run"]
        for start in (1_000, 2_000)
    ]
    newest = runs[1]["info"]["run_id"]
    metric = {"run_id": newest, "key": "accuracy", "value": 0.99, "timestamp": 1, "step": 0}
    mlflow.post("runs/log-metric", metric)

    found = {entry["name"]: entry for entry in list_experiments(mlflow)}

    assert "Default" in found
    latest = found[name]["latest_runs"]
    assert [run["run_id"] for run in latest] == [newest, runs[0]["info"]["run_id"]]
    assert latest[0]["metrics"] == {"accuracy": 0.99}
    assert latest[0]["started_at"] == "1970-01-01T00:00:02+00:00"
    assert latest[0]["ended_at"] is None
    assert found[name]["created_at"] is not None
