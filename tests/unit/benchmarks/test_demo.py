import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.demo import __main__ as program
from benchmarks.demo import report
from benchmarks.demo.data import rounds_of
from benchmarks.demo.job import Demo
from benchmarks.demo.plan import CHANGE, WORLD
from benchmarks.demo.traffic import (
    BATCH_SIZE,
    PredictionsFailedError,
    Timings,
    send_in_batches,
    send_singly,
)
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import PlatformNotFoundError
from mlops_platform.sdk.api_client import Answer, ApiClient

MADE = {"model_version": "1.0.0", "prediction_id": "p"}
PREDICTED = Answer(
    status=200,
    headers={"server-timing": "compute;dur=1.5, lookup;dur=0.5"},
    body=MADE,
)
FAILED = Answer(status=503, headers={}, body={"detail": "no version of it serves"})


class AnsweringApi(ApiClient):
    """Gives prepared answers, one after the other."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__(MLOpsConfig(api_key="key"))
        self._answers = iter(answers)

    def request(self, _method: str, _path: str, _body: Any = None) -> Answer:
        return next(self._answers)


def predictions(*answers: Answer) -> Timings:
    timings = Timings()
    requests = [{"amount": 1.0}] * len(answers)
    given = send_singly(AnsweringApi(answers), "fraud_detection", requests, timings)
    assert given == [MADE] * len(answers)
    return timings


def test_every_request_is_counted_and_all_but_the_first_are_timed() -> None:
    timings = predictions(PREDICTED, PREDICTED, PREDICTED)

    assert (timings.requests, timings.errors) == (3, 0)
    assert timings.versions == {"1.0.0": 3}
    assert timings.compute == [1.5, 1.5]
    assert timings.lookup == [0.5, 0.5]
    assert len(timings.http) == 2


@pytest.mark.parametrize("answers", [(FAILED, PREDICTED), (PREDICTED, FAILED)])
def test_a_prediction_that_fails_fails_the_run(answers: Sequence[Answer]) -> None:
    number = answers.index(FAILED) + 1

    with pytest.raises(
        PredictionsFailedError, match=rf"Prediction {number} .* 503: .*no version of it serves"
    ):
        predictions(*answers)


def test_a_batch_counts_each_of_its_predictions() -> None:
    sizes = (BATCH_SIZE, 1)
    answers = [Answer(status=200, headers={}, body={"predictions": [MADE] * n}) for n in sizes]
    timings = Timings()

    ids = send_in_batches(
        AnsweringApi(answers), "fraud_detection", [{}] * sum(sizes), timings, lambda: None
    )

    assert len(ids) == timings.requests == sum(sizes)
    assert timings.versions == {"1.0.0": sum(sizes)}
    assert timings.http == []


def test_a_day_s_rounds_hold_all_transactions_in_order_and_each_user_once_but_in_the_last() -> None:
    day = CHANGE.since
    rounds = rounds_of(day)

    sent = [each["transaction_id"] for requests in rounds for each in requests]
    assert sorted(sent) == sorted(WORLD.transactions(day, day)["transaction_id"].to_pylist())
    last: dict[str, str] = {}
    for requests in rounds[:-1]:
        users = [each["user_id"] for each in requests]
        assert len(set(users)) == len(users) >= 20
    for requests in rounds:
        for each in requests:
            assert last.get(each["user_id"], "") <= each["timestamp"]
            last[each["user_id"]] = each["timestamp"]


@contextmanager
def ready_cloud(_state: Path, _assembly: Path) -> Iterator[dict[str, Any]]:
    yield {}


@pytest.mark.parametrize(
    "error", [PredictionsFailedError("3 of 5000 failed"), PlatformNotFoundError("no cloud")]
)
def test_a_demo_that_stops_says_why_and_leaves_no_report_of_an_earlier_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    def stop(_demo: object) -> None:
        raise error

    monkeypatch.setattr(program, "local_cloud", ready_cloud)
    monkeypatch.setattr(program, "first_key", lambda _cloud: "key")
    monkeypatch.setattr(Demo, "run", stop)
    (tmp_path / "report.json").write_text("an earlier run's")

    assert program.main(["--report", str(tmp_path / "report.json")]) == 1

    assert f"The demo stopped. {error}" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "local/report.json"
    report.write({"seconds": 1.0}, path)

    def half(self: Path, text: str) -> int:
        with self.open("w") as stream:
            stream.write(text[: len(text) // 2])
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="disk is full"):
        report.write({"seconds": 2.0}, path)

    assert json.loads(path.read_text()) == {"seconds": 1.0}
