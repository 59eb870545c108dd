from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from mlops_platform.errors import TrackingServerError
from mlops_platform.training.tracking import MlflowTracking, NoTracking, open_tracking

# MLflow's own tables use an option that SQLAlchemy has deprecated since.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


class Restarting:
    """A client whose server is away for its first calls of one method."""

    def __init__(self, method: str, n_failures: int) -> None:
        self.remaining = n_failures
        self.original = getattr(MlflowClient, method)

    def bound(self) -> Any:
        def call(client: MlflowClient, *args: Any, **kwargs: Any) -> Any:
            if self.remaining:
                self.remaining -= 1
                raise MlflowException("connection refused")
            return self.original(client, *args, **kwargs)

        return call


def test_a_run_holds_what_was_logged(store: str) -> None:
    tracking = MlflowTracking(store, "fraud_detection", "daily-1")
    tracking.log({"max_depth": 6, "long": "x" * 9_000}, {"auc_roc": 0.9}, {"data": "abc"})
    tracking.finish()
    run = MlflowClient(tracking_uri=store).get_run(tracking.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics == {"auc_roc": 0.9}
    assert run.data.params["max_depth"] == "6"
    assert run.data.tags["data"] == "abc"


def test_a_job_that_is_started_again_continues_its_unfinished_run(store: str) -> None:
    first = MlflowTracking(store, "fraud_detection", "daily-1")
    again = MlflowTracking(store, "fraud_detection", "daily-1")
    assert again.run_id == first.run_id
    again.finish()
    assert MlflowTracking(store, "fraud_detection", "daily-1").run_id != first.run_id
    assert MlflowTracking(store, "fraud_detection", "daily-2").run_id != first.run_id


@pytest.mark.parametrize("method", ["create_run", "log_batch", "get_experiment_by_name"])
def test_a_server_that_restarts_is_waited_for(
    store: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    restarting = Restarting(method, 1)
    monkeypatch.setattr(MlflowClient, method, restarting.bound())
    tracking = MlflowTracking(store, "fraud_detection", "daily-1", patience_seconds=30)
    tracking.log({"a": 1}, {}, {})
    assert restarting.remaining == 0


def test_a_server_that_stays_away_fails_by_name(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MlflowClient, "get_experiment_by_name", Restarting("get_run", 99).bound())
    with pytest.raises(TrackingServerError, match="start the training again"):
        MlflowTracking(store, "fraud_detection", "daily-1", patience_seconds=0)


def test_without_an_address_nothing_is_tracked() -> None:
    assert isinstance(open_tracking("", "fraud_detection", ""), NoTracking)
