"""Every line gets its answer in its place; a wrong one is told, and sinks no other."""

import json
from typing import Any

import pytest

from mlops_platform.errors import ModelNotDeployedError
from mlops_platform.serving.object_scoring import ROWS_AT_ONCE, ObjectScoring
from mlops_platform.serving.predict_service import make_predictor
from tests.unit.serving.small_cloud import BUCKET, SETTINGS, SmallCloud

INPUT, OUTPUT = f"s3://{BUCKET}/batches/in.jsonl", f"s3://{BUCKET}/scores/out.jsonl"


@pytest.fixture
def scoring(cloud: SmallCloud) -> ObjectScoring:
    return ObjectScoring(s3=cloud.s3, predictor=make_predictor(SETTINGS, records=None))


def score(cloud: SmallCloud, scoring: ObjectScoring, body: str) -> tuple[Any, list[Any]]:
    cloud.s3.put_object(Bucket=BUCKET, Key="batches/in.jsonl", Body=body.encode())
    told = scoring.score(INPUT, OUTPUT)
    written = cloud.s3.get_object(Bucket=BUCKET, Key="scores/out.jsonl")["Body"].read()
    return told, [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize("n", [0, 1, ROWS_AT_ONCE, 3 * ROWS_AT_ONCE + 1])
def test_any_number_of_rows_is_answered_in_order(
    cloud: SmallCloud, scoring: ObjectScoring, n: int, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    told, answers = score(cloud, scoring, "".join(f'{{"amount": {row}}}\n' for row in range(n)))

    assert told == {
        "input_uri": INPUT,
        "output_uri": OUTPUT,
        "n_rows": n,
        "n_failed": 0,
        "n_degraded": 0,
    }
    assert [answer["row"] for answer in answers] == list(range(n))
    assert [answer["prediction"]["score"] for answer in answers] == [2.0 * row for row in range(n)]
    # What is scored in bulk is no traffic: monitoring must not count it.
    assert '"record":"prediction"' not in capsys.readouterr().out


def test_wrong_rows_are_told_in_their_places(cloud: SmallCloud, scoring: ObjectScoring) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    body = '{"amount": 1}\n{"amount": "x"}\nnot json\n\n[1]\n{"amount": 5}\n'

    told, answers = score(cloud, scoring, body)

    # An empty line is no row.
    assert (told["n_rows"], told["n_failed"]) == (5, 3)
    assert [answer["row"] for answer in answers] == [0, 1, 2, 3, 4]
    assert [answers[row]["prediction"]["score"] for row in (0, 4)] == [2.0, 10.0]
    problems = [answers[row]["errors"][0] for row in (1, 2, 3)]
    assert [problem["field"] for problem in problems] == ["features.amount", "", "features"]
    assert "not JSON" in problems[1]["message"]


def test_a_file_without_any_right_row_is_scored_too(
    cloud: SmallCloud, scoring: ObjectScoring
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    told, answers = score(cloud, scoring, '{"amount": "x"}\n{"colour": 1}\n')

    assert (told["n_rows"], told["n_failed"], len(answers)) == (2, 2, 2)


def test_without_a_version_nothing_is_written(cloud: SmallCloud, scoring: ObjectScoring) -> None:
    with pytest.raises(ModelNotDeployedError):
        score(cloud, scoring, '{"amount": 1}\n')

    listed = cloud.s3.list_objects_v2(Bucket=BUCKET, Prefix="scores/")
    assert "Contents" not in listed
