"""Files of rows are scored in bulk, by the deployed state machine."""

import json

import pytest

from mlops_platform import BatchScoring
from mlops_platform.aws.clients import client
from mlops_platform.errors import BatchScoringError
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import MODEL, Platform
from tests.e2e.transactions import make_transactions


def put(platform: Platform, key: str, lines: list[str]) -> None:
    bucket = discover(platform.config, "data_bucket")
    client("s3").put_object(Bucket=bucket, Key=f"batches/{key}", Body="\n".join(lines).encode())


def scores(uri: str) -> list[dict[str, object]]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    return [json.loads(line) for line in body.splitlines()]


def test_every_file_is_scored_and_a_wrong_row_sinks_no_other(platform: Platform) -> None:
    rows = [json.dumps(each.features) for each in make_transactions("batch", platform.moment(71))]
    put(platform, "good/first.jsonl", rows[:120])
    put(platform, "good/second.jsonl", [*rows[120:], '{"amount": "ten"}'])
    before = platform.api.call("GET", f"/models/{MODEL}")["production"]

    prefix = f"s3://{discover(platform.config, 'data_bucket')}/batches/good/"
    result = BatchScoring(platform.config).run(MODEL, prefix)

    told = [each["scores"] for each in result.output["outcomes"]]
    assert [(each["n_rows"], each["n_failed"]) for each in told] == [(120, 0), (181, 1)]
    first, second = (scores(each["output_uri"]) for each in told)
    assert {row["model_version"] for row in [*first, *second[:-1]]} == {before}
    assert "features.amount" in json.dumps(second[-1]["errors"])


def test_an_object_that_cannot_be_scored_fails_the_execution_and_is_named(
    platform: Platform,
) -> None:
    # Nothing of it serves until the tests that train every model.
    assert platform.api.call("GET", "/models/selfmate")["production"] is None
    put(platform, "unserved/one.jsonl", ['{"text": "hello"}'])

    prefix = f"s3://{discover(platform.config, 'data_bucket')}/batches/unserved/"
    with pytest.raises(BatchScoringError, match="ModelNotDeployedError") as raised:
        BatchScoring(platform.config).run("selfmate", prefix)

    assert "unserved/one.jsonl" in str(raised.value)


def test_where_nothing_lies_the_caller_hears_what_to_do(platform: Platform) -> None:
    prefix = f"s3://{discover(platform.config, 'data_bucket')}/batches/nothing/"

    with pytest.raises(BatchScoringError, match="Write one JSON object of features a line"):
        BatchScoring(platform.config).run(MODEL, prefix)
