"""Tuning jobs run their training jobs for real, and the best of them is the one by the metric."""

import json
import uuid
from random import Random
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_cloud.bell import job_ended
from local_cloud.cloud import LocalCloud
from local_cloud.tuning_jobs.drawing import draw
from tests.local_cloud.waiting import end_of_execution

IMAGE = "tuned-image"
DOCKERFILE = """
FROM python:3.13-slim
WORKDIR /opt/program
COPY . /opt/program
ENTRYPOINT ["python", "/opt/program/train.py"]
"""
# The best width is 20; what is wider than 30 fails.
TRAIN = """
import json, os, pathlib, sys, time
root = pathlib.Path(os.environ["SELFMONITOR_ML_ROOT"])
asked = json.loads((root / "input/config/hyperparameters.json").read_text())
if asked.get("mode") == "wait":
    time.sleep(600)
width = int(asked["width"])
if asked.get("mode") == "fail" or width > 30:
    (root / "output" / "failure").write_text("too wide")
    sys.exit(1)
print(f"INFO validation_score={-abs(width - 20)}", flush=True)
(root / "model" / "asked.json").write_text(json.dumps(asked))
"""
ROLE = "arn:aws:iam::123456789012:role/training"


@pytest.fixture(scope="module")
def bucket(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = tmp_path_factory.mktemp("image")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (directory / "train.py").write_text(TRAIN)
    cloud.images[IMAGE] = directory
    name = f"tuning-{uuid.uuid4().hex[:8]}"
    location: Any = {"LocationConstraint": cloud.region}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    return name


def width(low: int, high: int, scale: str = "Linear") -> dict[str, Any]:
    bounds = {"MinValue": str(low), "MaxValue": str(high), "ScalingType": scale}
    return {"IntegerParameterRanges": [{"Name": "width", **bounds}]}


def definition(bucket: str, ranges: dict[str, Any], mode: str = "") -> dict[str, Any]:
    return {
        "DefinitionName": "linear",
        "TuningObjective": {"Type": "Maximize", "MetricName": "score"},
        "HyperParameterRanges": ranges,
        "StaticHyperParameters": {"mode": mode},
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "score", "Regex": "validation_score=(-?[0-9.]+)"}],
        },
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/training"},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": "ml.m5.large",
            "VolumeSizeInGB": 10,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def request(*definitions: dict[str, Any], n_jobs: int = 4) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": f"tuning-{uuid.uuid4().hex[:8]}",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {
                "MaxNumberOfTrainingJobs": n_jobs,
                "MaxParallelTrainingJobs": 2,
            },
        },
        "TrainingJobDefinitions": list(definitions),
    }


def described(name: str) -> dict[str, Any]:
    answer = boto3.client("sagemaker").describe_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name
    )
    return dict(answer)


def run(job: dict[str, Any]) -> dict[str, Any]:
    boto3.client("sagemaker").create_hyper_parameter_tuning_job(**job)
    name = job["HyperParameterTuningJobName"]
    while (answer := described(name))["HyperParameterTuningJobStatus"] == "InProgress":
        job_ended.sleep(1.0)
    return answer


def test_the_best_job_is_the_one_whose_metric_says_so(bucket: str) -> None:
    job = run(request(definition(bucket, width(10, 40))))

    assert job["HyperParameterTuningJobStatus"] == "Completed"
    sagemaker = boto3.client("sagemaker")
    # moto cuts pages before it looks for a name.
    trained = [
        sagemaker.describe_training_job(TrainingJobName=each["TrainingJobName"])
        for page in sagemaker.get_paginator("list_training_jobs").paginate()
        for each in page["TrainingJobSummaries"]
        if each["TrainingJobName"].startswith(job["HyperParameterTuningJobName"])
    ]
    widths = {each["TrainingJobName"]: int(each["HyperParameters"]["width"]) for each in trained}
    assert len(set(widths.values())) > 1
    best = min(widths, key=lambda name: abs(widths[name] - 20))
    summary = job["BestTrainingJob"]
    assert (summary["TrainingJobName"], summary["TunedHyperParameters"]) == (
        best,
        {"width": str(widths[best])},
    )
    final = summary["FinalHyperParameterTuningJobObjectiveMetric"]
    assert final["Value"] == -abs(widths[best] - 20)
    n_failed = sum(each > 30 for each in widths.values())
    assert job["TrainingJobStatusCounters"]["Completed"] == 4 - n_failed
    assert job["TrainingJobStatusCounters"]["NonRetryableError"] == n_failed
    assert job["ObjectiveStatusCounters"]["Failed"] == n_failed


def test_definitions_take_turns_each_with_its_own_ranges(bucket: str) -> None:
    near = {**definition(bucket, width(20, 20)), "DefinitionName": "near"}
    far = {**definition(bucket, width(1, 1)), "DefinitionName": "far"}

    job = run(request(far, near, n_jobs=2))

    assert job["BestTrainingJob"]["TrainingJobDefinitionName"] == "near"
    assert job["TrainingJobStatusCounters"]["Completed"] == 2


def test_without_a_job_that_succeeds_it_fails_and_says_why(bucket: str) -> None:
    job = run(request(definition(bucket, width(1, 9), mode="fail"), n_jobs=1))

    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert "too wide" in job["FailureReason"]
    assert "BestTrainingJob" not in job


def test_a_stopped_tuning_job_stops_its_training_jobs_and_starts_none(bucket: str) -> None:
    job = request(definition(bucket, width(1, 9), mode="wait"))
    name = job["HyperParameterTuningJobName"]
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_hyper_parameter_tuning_job(**job)

    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)

    while (answer := described(name))["HyperParameterTuningJobStatus"] == "Stopping":
        job_ended.sleep(1.0)
    assert answer["HyperParameterTuningJobStatus"] == "Stopped"
    counters = answer["TrainingJobStatusCounters"]
    assert counters["Completed"] == counters["InProgress"] == 0


def test_a_state_machine_waits_for_it_and_goes_on_with_the_best(bucket: str) -> None:
    job = request(definition(bucket, width(15, 25)), n_jobs=2)
    service = "arn:aws:states:::"
    states = {
        "Tune": {
            "Type": "Task",
            "Resource": f"{service}sagemaker:createHyperParameterTuningJob.sync",
            "Parameters": job,
            "ResultPath": "$.tuning",
            "Next": "Best",
        },
        "Best": {
            "Type": "Task",
            "Resource": f"{service}aws-sdk:sagemaker:describeTrainingJob",
            "Parameters": {"TrainingJobName.$": "$.tuning.BestTrainingJob.TrainingJobName"},
            "ResultPath": "$.training",
            "End": True,
        },
    }
    machines = boto3.client("stepfunctions")
    machine = machines.create_state_machine(
        name=f"tune-{uuid.uuid4().hex[:8]}",
        definition=json.dumps({"StartAt": "Tune", "States": states}),
        roleArn=ROLE,
    )

    arn = machines.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")

    ended = end_of_execution(arn["executionArn"])
    assert ended["status"] == "SUCCEEDED", ended
    output = json.loads(ended["output"])
    best = output["tuning"]["BestTrainingJob"]["TrainingJobName"]
    assert output["training"]["ModelArtifacts"]["S3ModelArtifacts"] == (
        f"s3://{bucket}/training/{best}/output/model.tar.gz"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"HyperParameterTuningJobName": "n" * 33}, "regular expression"),
        (
            {
                "WarmStartConfig": {
                    "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
                    "WarmStartType": "IdenticalDataAndAlgorithm",
                }
            },
            "without warm start",
        ),
    ],
)
def test_what_cannot_run_is_refused(bucket: str, change: dict[str, Any], message: str) -> None:
    job = request(definition(bucket, width(1, 9))) | change
    with pytest.raises(ClientError, match=message):
        boto3.client("sagemaker").create_hyper_parameter_tuning_job(**job)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"TuningObjective": {"Type": "Maximize", "MetricName": "loss"}}, "loss is in no"),
        ({"HyperParameterRanges": width(1, 9, "ReverseLogarithmic")}, "ReverseLogarithmic"),
        ({"StaticHyperParameters": {"width": "3"}}, "width cannot be static"),
    ],
)
def test_a_definition_that_cannot_run_is_refused(
    bucket: str, change: dict[str, Any], message: str
) -> None:
    job = request(definition(bucket, width(1, 9)) | change)
    with pytest.raises(ClientError, match=message):
        boto3.client("sagemaker").create_hyper_parameter_tuning_job(**job)


def test_equal_ratios_are_equally_likely_on_a_logarithmic_scale() -> None:
    random = Random(1)  # noqa: S311 - nothing secret
    drawn = [int(draw(width(1, 10_000, "Logarithmic"), random)["width"]) for _ in range(2_000)]
    assert sum(each < 100 for each in drawn) / 2_000 == pytest.approx(0.5, abs=0.04)
    assert min(drawn) == 1
    assert 9_500 < max(drawn) <= 10_000


def test_whole_numbers_stay_within_their_bounds() -> None:
    random = Random(2)  # noqa: S311 - nothing secret
    drawn = {draw(width(3, 5), random)["width"] for _ in range(200)}
    assert drawn == {"3", "4", "5"}
