"""What is planned: every .jsonl below a prefix, each with a place of its own for its scores."""

from typing import Any

import pytest

from mlops_platform.errors import BatchInputError, ModelNotFoundError
from mlops_platform.serving.batch_plan import BatchPlan
from tests.unit.serving.small_cloud import BUCKET, SmallCloud

MODEL = "fraud_detection"


@pytest.fixture
def plan(cloud: SmallCloud) -> BatchPlan:
    for key in ("may/a.jsonl", "may/b/a.jsonl", "may/readme.txt", "june.jsonl"):
        cloud.s3.put_object(Bucket=BUCKET, Key=f"batches/{key}", Body=b"{}\n")
    return BatchPlan(s3=cloud.s3, bucket=BUCKET)


def planned(plan: BatchPlan, input_uri: str, model: str = MODEL) -> dict[str, Any]:
    return plan.plan(model_name=model, input_uri=input_uri, execution_name="e-1")


def test_every_file_gets_scores_of_its_own(plan: BatchPlan) -> None:
    answer = planned(plan, f"s3://{BUCKET}/batches/may/")

    scores = f"s3://{BUCKET}/scores/{MODEL}/e-1/"
    assert answer == {
        "output_uri": scores,
        "objects": [
            {"input_uri": f"s3://{BUCKET}/batches/may/{name}", "output_uri": scores + name}
            for name in ("a.jsonl", "b/a.jsonl")
        ],
    }


def test_one_file_may_be_named_whole(plan: BatchPlan) -> None:
    (only,) = planned(plan, f"s3://{BUCKET}/batches/june.jsonl")["objects"]

    assert only["output_uri"].endswith("/e-1/june.jsonl")


@pytest.mark.parametrize(
    ("input_uri", "says"),
    [
        ("batches/may/", "not an address in S3"),
        ("s3://elsewhere/batches/may/", "is not below s3://bundles/batches/"),
        (f"s3://{BUCKET}/transactions/", "Copy the files there"),
        (f"s3://{BUCKET}/batches/may/readme", "there are 1 other objects"),
        (f"s3://{BUCKET}/batches/july/", "there are 0 other objects"),
    ],
)
def test_what_cannot_be_scored_is_told_why(plan: BatchPlan, input_uri: str, says: str) -> None:
    with pytest.raises(BatchInputError, match=says):
        planned(plan, input_uri)


def test_an_unknown_model_is_refused(plan: BatchPlan) -> None:
    with pytest.raises(ModelNotFoundError, match="fraud_detection"):
        planned(plan, f"s3://{BUCKET}/batches/may/", "horoscope")
