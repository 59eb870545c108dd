"""The SDK's and the command line's way to what was captured, lost and left in dead letters."""

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from mlops_platform import MetricsCollector, MLOpsConfig
from mlops_platform.aws.clients import client
from mlops_platform.cli.application import mlops
from mlops_platform.errors import FunctionFailedError, RequestValidationError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.sdk import function_calls
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.recovery import Recovered, Redriven, recover, redrive
from tests.unit.monitoring.small_platform import (
    BUCKET,
    MODEL,
    NOON,
    TABLE,
    Record,
    SmallPlatform,
    delivery,
    expected,
    some_records,
)

CONFIG = MLOpsConfig(environment="dev")
GROUP = "predictions-of-fraud"
NOW = datetime.now(UTC)


class Lambda:
    """Lambda, as far as calling a function goes: it runs the real ingestion at once."""

    def __init__(self, platform: SmallPlatform) -> None:
        self.platform = platform
        self.fails = False
        self.kinds: list[str] = []

    def invoke(self, **request: Any) -> dict[str, Any]:
        assert request["FunctionName"] == "the-ingestion"
        self.kinds.append(request.get("InvocationType", "RequestResponse"))
        if self.fails:
            error = {"errorType": "CaptureConflictError", "errorMessage": "always slower"}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(error).encode())}
        counts = self.platform.capture.capture(json.loads(request["Payload"]))
        return {"Payload": io.BytesIO(json.dumps(counts).encode())}


@pytest.fixture
def functions(platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    queues = {
        name: client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "fed")
    }
    published = {
        "functions/ingest_predictions": "the-ingestion",
        "dead_letters/ingest_predictions": queues["dead"],
        "dead_letters/join_feedback": queues["dead"],
        "dead_letters/send_alert": queues["dead"],
        "feedback_queue_url": queues["fed"],
        "alert_queue_url": queues["fed"],
        f"prediction_log_group/{MODEL}": GROUP,
        "monitoring_table": TABLE,
        "monitoring_bucket": BUCKET,
    }
    for key, value in published.items():
        name = f"{CONFIG.parameter_prefix}/{key}"
        client("ssm").put_parameter(Name=name, Value=value, Type="String")
    fake = Lambda(platform)
    monkeypatch.setattr(function_calls, "client", lambda service, **_: {"lambda": fake}[service])
    monkeypatch.setenv("SELFMONITOR_ENVIRONMENT", "dev")
    discover.cache_clear()
    yield fake
    discover.cache_clear()


def write_log(records: list[Record], *others: str) -> None:
    client("logs").create_log_group(logGroupName=GROUP)
    client("logs").create_log_stream(logGroupName=GROUP, logStreamName="s")
    lines = [*others, *(orjson.dumps(record).decode() for record in records)]
    at = int(NOW.timestamp() * 1_000) - 60_000
    events = [{"timestamp": at, "message": line} for line in lines]
    client("logs").put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)


def bury(*bodies: str) -> None:
    for body in bodies:
        client("sqs").send_message(
            QueueUrl=discover(CONFIG, "dead_letters/ingest_predictions"), MessageBody=body
        )


def n_visible(key: str) -> int:
    answer = client("sqs").get_queue_attributes(
        QueueUrl=discover(CONFIG, key),
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    return sum(map(int, answer["Attributes"].values()))


def test_the_log_brings_back_gaps_tails_and_environments_of_which_nothing_arrived(
    platform: SmallPlatform, series: Series, functions: Lambda
) -> None:
    heard, silent = some_records(series, 20, environments=1), some_records(series, 5, seed=1)
    platform.capture.capture(delivery(heard[:7] + heard[9:15]))
    write_log([*heard, *silent], "START RequestId: 1", '{"level": "INFO"}')
    window = {"since": NOW - timedelta(hours=1), "until": NOW + timedelta(hours=1)}

    first = recover(CONFIG, MODEL, **window)
    again = recover(CONFIG, MODEL, **window)

    assert (first, again) == (Recovered(read=25, counted=12), Recovered(read=25, counted=0))
    assert platform.merged(series).to_bytes() == expected([*heard, *silent])
    assert set(functions.kinds) == {"RequestResponse"}


def test_a_failed_recovery_says_why(series: Series, functions: Lambda) -> None:
    write_log(some_records(series, 2))
    functions.fails = True

    with pytest.raises(FunctionFailedError, match="ingest_predictions failed: CaptureConflict"):
        recover(CONFIG, MODEL, since=NOW - timedelta(hours=1), until=NOW)


def test_dead_letters_are_delivered_and_gone(
    platform: SmallPlatform, series: Series, functions: Lambda
) -> None:
    records = some_records(series, 30)
    bury(*(json.dumps(delivery(records[start : start + 2])) for start in range(0, 30, 2)))

    assert redrive(CONFIG, "ingest_predictions") == Redriven(delivered=15, failed=0)
    assert platform.merged(series).to_bytes() == expected(records)
    assert n_visible("dead_letters/ingest_predictions") == 0
    assert len(functions.kinds) == 15


def test_dead_letters_that_fail_again_stay(series: Series, functions: Lambda) -> None:
    bury(json.dumps(delivery(some_records(series, 2))))
    functions.fails = True

    assert redrive(CONFIG, "ingest_predictions") == Redriven(delivered=0, failed=1)
    assert n_visible("dead_letters/ingest_predictions") == 1


@pytest.mark.usefixtures("functions")
@pytest.mark.parametrize(
    ("function", "queue"),
    [("join_feedback", "feedback_queue_url"), ("send_alert", "alert_queue_url")],
)
def test_messages_of_a_queue_go_back_into_it(function: str, queue: str) -> None:
    bury("one", "two")

    assert redrive(CONFIG, function) == Redriven(delivered=2, failed=0)
    assert (n_visible(queue), n_visible(f"dead_letters/{function}")) == (2, 0)


def test_a_recorded_prediction_counts(
    platform: SmallPlatform, series: Series, functions: Lambda
) -> None:
    collector = MetricsCollector(CONFIG)
    given = [
        {k: v for k, v in r.items() if k not in {"environment_id", "sequence", "record"}}
        for r in some_records(series, 3)
    ]

    for prediction in given:
        asyncio.run(collector.record_prediction(prediction))

    assert functions.kinds == ["Event"] * 3
    merged = platform.merged(series)
    assert merged.n == 3
    assert merged.n_degraded == sum(bool(p["degraded"]) for p in given)
    assert collector.report_losses(MODEL).counted == 3


@pytest.mark.parametrize("missing", ["prediction_id", "bundle_sha256", "inputs", "model_version"])
def test_an_incomplete_prediction_is_refused_before_it_is_sent(
    series: Series, functions: Lambda, missing: str
) -> None:
    (prediction,) = some_records(series, 1)
    del prediction[missing]

    with pytest.raises(RequestValidationError, match=missing):
        asyncio.run(MetricsCollector(CONFIG).record_prediction(prediction))
    assert functions.kinds == []


@pytest.mark.usefixtures("functions")
def test_performance_is_that_of_the_profiles(platform: SmallPlatform, series: Series) -> None:
    shift = int(NOW.timestamp()) - NOON - 3 * 3_600
    moved = [
        record | {"occurred_at": datetime.fromtimestamp(NOON + shift + n, UTC).isoformat()}
        for n, record in enumerate(some_records(series, 10))
    ]
    platform.capture.capture(delivery(moved))

    measured = asyncio.run(MetricsCollector(CONFIG).calculate_performance_metrics(MODEL))

    assert (measured["predictions"], measured["labelled"]) == (10, 0)


@pytest.mark.usefixtures("functions")
def test_the_command_line_reports_losses_and_brings_them_back(
    platform: SmallPlatform, series: Series
) -> None:
    records = some_records(series, 9, environments=1)
    platform.clock.now = int(NOW.timestamp()) - 3_600
    platform.capture.capture(delivery(records[:3] + records[5:]))
    write_log(records)

    def run(*arguments: str) -> Any:
        result = CliRunner().invoke(mlops, ["--json", *arguments], catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.stdout)

    assert run("losses", MODEL)["lost_numbers"] == {"e0-0": [[4, 5]]}
    assert run("recover", MODEL) == {"read": 9, "counted": 2}
    assert run("losses", MODEL)["lost"] == 0
    assert run("redrive", "ingest_predictions") == {"delivered": 0, "failed": 0}
    table = CliRunner().invoke(mlops, ["losses", MODEL], catch_exceptions=False)
    assert "counted" in table.stdout
