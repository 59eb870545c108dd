"""MLflow's experiments, each with its latest runs."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mlops_platform.registry.mlflow_rest import MlflowRest

_LATEST_RUNS = 100


def list_experiments(mlflow: MlflowRest) -> list[dict[str, Any]]:
    """Return the active experiments; of all their runs, the newest hundred.

    Raises
    ------
    TrackingServerError
        MLflow did not answer, or refused.
    """
    experiments = list(mlflow.pages("experiments/search", "experiments"))
    runs = _latest_runs(mlflow, [entry["experiment_id"] for entry in experiments])
    return [
        {
            "experiment_id": entry["experiment_id"],
            "name": entry["name"],
            "created_at": _moment(entry.get("creation_time")),
            "updated_at": _moment(entry.get("last_update_time")),
            "latest_runs": runs[entry["experiment_id"]],
        }
        for entry in experiments
    ]


def _latest_runs(mlflow: MlflowRest, experiment_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the newest runs by their experiment."""
    body = {
        "experiment_ids": experiment_ids,
        "max_results": _LATEST_RUNS,
        "order_by": ["attributes.start_time DESC"],
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if experiment_ids:
        for run in mlflow.post("runs/search", body).get("runs", []):
            found[run["info"]["experiment_id"]].append(_run_view(run))
    return found


def _run_view(run: Mapping[str, Any]) -> dict[str, Any]:
    info, data = run["info"], run.get("data", {})
    return {
        "run_id": info["run_id"],
        "name": info.get("run_name", ""),
        "status": info["status"],
        "started_at": _moment(info.get("start_time")),
        "ended_at": _moment(info.get("end_time")),
        "metrics": {metric["key"]: metric["value"] for metric in data.get("metrics", [])},
    }


def _moment(milliseconds: Any) -> str | None:
    """Return MLflow's epoch milliseconds as ISO time; None where MLflow has none."""
    if not milliseconds:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).isoformat()
