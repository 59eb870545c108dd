import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException, RestException

from mlops_platform.errors import TrackingServerError, TrainingDataError
from mlops_platform.training import patience
from mlops_platform.training.tracking import MlflowTracking, NoTracking, open_tracking

# MLflow's own tables use an option that SQLAlchemy has deprecated since.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def _mlflow_settings_are_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "7")


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables, whose migrations take seconds, made once."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty_database, tmp_path)}"


def http_error(status: int) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    return requests.HTTPError(f"status {status}", response=response)


def refusal(code: str) -> MlflowException:
    content = {"error_code": code, "message": "no such run"}
    return RestException(content)  # type: ignore[no-untyped-call]


LOST = MlflowException("connection refused")


class Restarting:
    """A client whose server is away for its first calls of one method.

    With `late`, the server does what it is asked and only its answer is lost.
    """

    def __init__(
        self, method: str, n_failures: int, error: Exception = LOST, *, late: bool = False
    ) -> None:
        self.remaining = n_failures
        self.error = error
        self.late = late
        self.n_calls = 0
        self.original = getattr(MlflowClient, method)

    def bound(self) -> Any:
        def call(client: MlflowClient, *args: Any, **kwargs: Any) -> Any:
            self.n_calls += 1
            if not self.remaining:
                return self.original(client, *args, **kwargs)
            self.remaining -= 1
            if self.late:
                self.original(client, *args, **kwargs)
            raise self.error

        return call


def runs(store: str) -> list[Any]:
    client = MlflowClient(tracking_uri=store)
    return list(client.search_runs([e.experiment_id for e in client.search_experiments()]))


def test_a_run_holds_what_was_logged(store: str) -> None:
    tracking = MlflowTracking(store, "fraud_detection", "daily-1")
    tracking.log({"max_depth": 6, "long": "x" * 9_000}, {"auc_roc": 0.9}, {"data": "abc"})
    tracking.finish("FINISHED")
    run = MlflowClient(tracking_uri=store).get_run(tracking.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics == {"auc_roc": 0.9}
    assert run.data.params["max_depth"] == "6"
    assert run.data.tags["data"] == "abc"


def test_a_job_that_is_started_again_continues_its_unfinished_run(store: str) -> None:
    first = MlflowTracking(store, "fraud_detection", "daily-1")
    again = MlflowTracking(store, "fraud_detection", "daily-1")
    assert again.run_id == first.run_id
    again.finish("FINISHED")
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


@pytest.mark.parametrize(
    "error",
    [
        refusal("TEMPORARILY_UNAVAILABLE"),
        refusal("REQUEST_LIMIT_EXCEEDED"),
        http_error(502),
        http_error(429),
        requests.ConnectionError("reset"),
        requests.Timeout("slow"),
        ConnectionResetError("reset"),
    ],
)
def test_what_may_pass_is_tried_again(
    store: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.0)
    restarting = Restarting("log_batch", 2, error)
    monkeypatch.setattr(MlflowClient, "log_batch", restarting.bound())
    MlflowTracking(store, "fraud_detection", "daily-1").log({"a": 1}, {}, {})
    assert restarting.n_calls == 3


@pytest.mark.parametrize(
    "error",
    [
        refusal("INVALID_PARAMETER_VALUE"),
        refusal("PERMISSION_DENIED"),
        http_error(403),
        requests.exceptions.InvalidURL("no such run"),
    ],
)
def test_a_refusal_is_told_at_once(
    store: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    refusing = Restarting("log_batch", 99, error)
    monkeypatch.setattr(MlflowClient, "log_batch", refusing.bound())
    tracking = MlflowTracking(store, "fraud_detection", "daily-1", patience_seconds=0.6)
    with pytest.raises(TrackingServerError, match=f"refused .*{error}"):
        tracking.log({"a": 1}, {}, {})
    assert refusing.n_calls == 1


@pytest.mark.parametrize("execution", ["daily-1", ""])
@pytest.mark.parametrize("method", ["create_run", "create_experiment"])
def test_what_was_made_while_its_answer_was_lost_is_not_made_twice(
    store: str, monkeypatch: pytest.MonkeyPatch, method: str, execution: str
) -> None:
    monkeypatch.setattr(MlflowClient, method, Restarting(method, 1, late=True).bound())
    tracking = MlflowTracking(store, "fraud_detection", execution, patience_seconds=30)
    assert [run.info.run_id for run in runs(store)] == [tracking.run_id]


def test_an_experiment_that_another_job_makes_at_the_same_moment_is_used(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = refusal("RESOURCE_ALREADY_EXISTS")
    late = Restarting("create_experiment", 1, taken, late=True)
    monkeypatch.setattr(MlflowClient, "create_experiment", late.bound())
    MlflowTracking(store, "fraud_detection", "daily-1", patience_seconds=0)
    assert len(runs(store)) == 1


def test_every_repetition_is_ours_and_none_is_mlflows_client_s(store: str) -> None:
    MlflowTracking(store, "fraud_detection", "daily-1")
    assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"


def test_a_run_ends_as_its_job_does(store: str) -> None:
    with open_tracking(store, "fraud_detection", "good"):
        pass
    with (
        pytest.raises(TrainingDataError, match="too little"),
        open_tracking(store, "fraud_detection", "bad"),
    ):
        raise TrainingDataError("too little")
    assert {run.info.run_name: run.info.status for run in runs(store)} == {
        "good": "FINISHED",
        "bad": "FAILED",
    }


def test_a_server_that_refuses_the_failure_does_not_hide_it(
    store: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refusing = Restarting("set_terminated", 1, http_error(403))
    monkeypatch.setattr(MlflowClient, "set_terminated", refusing.bound())
    with (
        pytest.raises(TrainingDataError, match="too little"),
        open_tracking(store, "fraud_detection", "bad"),
    ):
        raise TrainingDataError("too little")
    assert "could not be marked as failed" in caplog.text


def test_without_an_address_nothing_is_tracked() -> None:
    with open_tracking("", "fraud_detection", "") as tracking:
        assert isinstance(tracking, NoTracking)
