"""Training jobs run under SageMaker's container contract, and nothing more."""

import io
import json
import signal
import tarfile
import threading
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_cloud.cloud import LocalCloud
from local_cloud.log_streams import LogStream
from local_cloud.sessions import signal_group
from local_cloud.training_jobs.archive import pack
from tests.local_cloud.waiting import end_of_process, end_of_training

IMAGE = "training-image"
DOCKERFILE = """
FROM python:3.13-slim
WORKDIR /opt/program
RUN pip install whatever
COPY . /opt/program
ENV PYTHONPATH=/opt/program:/opt/program/library GREETING=hello
ENTRYPOINT ["python", "/opt/program/train.py"]
"""
TRAIN = """
import json, os, pathlib, subprocess, sys, time
root = pathlib.Path(os.environ["SELFMONITOR_ML_ROOT"])
config = root / "input" / "config"
hyperparameters = json.loads((config / "hyperparameters.json").read_text())
print("score=0.5", flush=True)
print("score=0.75", flush=True)
if hyperparameters.get("mode") == "fail":
    (root / "output" / "failure").write_text("no rows left")
    sys.exit(1)
if hyperparameters.get("mode") == "wait":
    print("waiting", flush=True)
    time.sleep(600)
child = None
if hyperparameters.get("mode") == "leave a child":
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(sleeper).pid
seen = {
    "child": child,
    "arguments": sys.argv[1:],
    "environment": dict(os.environ),
    "files": sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()),
    "inputs": json.loads((config / "inputdataconfig.json").read_text()),
    "resources": json.loads((config / "resourceconfig.json").read_text()),
    "hyperparameters": hyperparameters,
}
(root / "model" / "seen.json").write_text(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def bucket(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = tmp_path_factory.mktemp("image")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (directory / "train.py").write_text(TRAIN)
    cloud.images[IMAGE] = directory
    name = f"training-{uuid.uuid4().hex[:8]}"
    location: Any = {"LocationConstraint": cloud.region}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    boto3.client("s3").put_object(Bucket=name, Key="data/day/a.csv", Body=b"1")
    return name


def request(bucket: str, mode: str = "", max_seconds: int = 60) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/data"}
    return {
        "TrainingJobName": f"job-{uuid.uuid4().hex[:8]}",
        "HyperParameters": {"mode": mode},
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+)"}],
        },
        "RoleArn": "arn:aws:iam::123456789012:role/training",
        "InputDataConfig": [
            {"ChannelName": "transactions", "DataSource": {"S3DataSource": source}}
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/training"},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": "ml.m5.large",
            "VolumeSizeInGB": 10,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": max_seconds},
        "Environment": {"MLFLOW_TRACKING_URI": "http://mlflow"},
    }


def run(job: dict[str, Any]) -> dict[str, Any]:
    boto3.client("sagemaker").create_training_job(**job)
    return end_of_training(job["TrainingJobName"])


def read_model(job: dict[str, Any]) -> bytes:
    bucket, _, key = job["ModelArtifacts"]["S3ModelArtifacts"][5:].partition("/")
    return bytes(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


@pytest.fixture
def waiting_job(bucket: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A job that runs and waits; started once it has said so."""
    waits = threading.Event()
    follow = LogStream.follow

    def watched(self: LogStream, output: Any) -> None:
        on_line = self._on_line

        def watch(line: str) -> None:
            on_line(line)
            if line == "waiting":
                waits.set()

        self._on_line = watch
        follow(self, output)

    monkeypatch.setattr(LogStream, "follow", watched)
    job = request(bucket, "wait")
    boto3.client("sagemaker").create_training_job(**job)
    assert waits.wait(30)
    return job


def read_seen(job: dict[str, Any]) -> dict[str, Any]:
    with tarfile.open(fileobj=io.BytesIO(read_model(job))) as archive:
        content = archive.extractfile("seen.json")
        assert content is not None
        return dict(json.load(content))


def test_a_job_gets_the_contract_and_no_sm_variables(bucket: str) -> None:
    job = run(request(bucket))

    seen = read_seen(job)
    assert job["TrainingJobStatus"] == "Completed"
    assert seen["arguments"] == ["train"]
    assert "input/data/transactions/day/a.csv" in seen["files"]
    assert seen["inputs"]["transactions"]["TrainingInputMode"] == "File"
    assert seen["resources"]["current_host"] == "algo-1"
    assert seen["hyperparameters"] == {"mode": ""}
    variables = seen["environment"]
    assert [name for name in variables if name.startswith("SM_")] == []
    assert variables["TRAINING_JOB_NAME"] == job["TrainingJobName"]
    assert variables["GREETING"] == "hello"
    assert variables["MLFLOW_TRACKING_URI"] == "http://mlflow"
    assert not {"PYTEST_CURRENT_TEST", "VIRTUAL_ENV"} & set(variables)


def test_equal_files_give_equal_artifacts(tmp_path: Path) -> None:
    for name, order in (("first", "ab"), ("second", "ba")):
        (tmp_path / name / "sub").mkdir(parents=True)
        for file in order:
            (tmp_path / name / "sub" / file).write_text(file)

    assert pack(tmp_path / "first") == pack(tmp_path / "second")


def test_metrics_and_transitions_are_described(bucket: str) -> None:
    job = run(request(bucket))

    metrics = {each["MetricName"]: each["Value"] for each in job["FinalMetricDataList"]}
    assert metrics == {"score": 0.75}
    transitions = [each["Status"] for each in job["SecondaryStatusTransitions"]]
    assert transitions == ["Starting", "Downloading", "Training", "Uploading", "Completed"]


def test_the_failure_file_is_the_reason(bucket: str) -> None:
    job = run(request(bucket, "fail"))

    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: no rows left, exit code: 1"
    assert "ModelArtifacts" not in job or not job["ModelArtifacts"].get("S3ModelArtifacts")


def test_a_killed_job_fails_and_says_so(cloud: LocalCloud, waiting_job: dict[str, Any]) -> None:
    name = waiting_job["TrainingJobName"]
    (pid,) = [child.pid for child in cloud.processes.running() if child.name == name]

    signal_group(pid, signal.SIGKILL)

    job = end_of_training(name)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: ended by SIGKILL, exit code: 137"


def test_a_stopped_job_is_stopped(waiting_job: dict[str, Any]) -> None:
    name = waiting_job["TrainingJobName"]

    boto3.client("sagemaker").stop_training_job(TrainingJobName=name)

    job = end_of_training(name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")


def test_a_job_out_of_time_is_stopped(bucket: str) -> None:
    job = run(request(bucket, "wait", max_seconds=1))

    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


@pytest.mark.timeout(120)
def test_a_job_ends_with_its_first_process_whatever_that_left_running(bucket: str) -> None:
    # Given a job that starts a process, which inherits its output, and ends before it
    job = run(request(bucket, "leave a child", max_seconds=30))

    # Then it has completed, and the process is gone
    assert job["TrainingJobStatus"] == "Completed"
    end_of_process(read_seen(job)["child"])


def test_an_empty_channel_fails_the_job(bucket: str) -> None:
    job = request(bucket)
    job["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = f"s3://{bucket}/nothing/"

    ended = run(job)

    assert ended["TrainingJobStatus"] == "Failed"
    assert "No S3 objects found" in ended["FailureReason"]


def test_an_unknown_image_fails_the_job(bucket: str) -> None:
    job = request(bucket)
    job["AlgorithmSpecification"]["TrainingImage"] = "somebody/elses:image"

    assert "no docker image asset" in run(job)["FailureReason"]


def test_names_are_unique_and_well_formed(bucket: str) -> None:
    sagemaker = boto3.client("sagemaker")
    job = request(bucket)
    run(job)

    with pytest.raises(ClientError, match="ResourceInUse"):
        sagemaker.create_training_job(**job)
    with pytest.raises(ClientError, match="regular expression"):
        sagemaker.create_training_job(**{**job, "TrainingJobName": "no_underscores"})


@pytest.mark.parametrize("mode", ["", "fail"])
def test_an_ended_job_leaves_its_log_and_nothing_else_on_disk(
    cloud: LocalCloud, bucket: str, mode: str
) -> None:
    job = run(request(bucket, mode))

    folder = cloud.state.directory / "training"
    (log,) = folder.glob(f"{job['TrainingJobName']}-*")
    assert log.suffix == ".log"
    assert log.read_text() == "score=0.5\nscore=0.75\n"


def test_the_log_is_in_cloudwatch(bucket: str) -> None:
    job = run(request(bucket))

    logs = boto3.client("logs")
    group = "/aws/sagemaker/TrainingJobs"
    (stream,) = logs.describe_log_streams(
        logGroupName=group, logStreamNamePrefix=f"{job['TrainingJobName']}/algo-1-"
    )["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])[
        "events"
    ]
    assert [event["message"] for event in events] == ["score=0.5", "score=0.75"]
