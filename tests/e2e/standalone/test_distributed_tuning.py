"""A model whose search is distributed: a tuning job's best training job becomes the version."""

import dataclasses
import json
import subprocess
from collections.abc import Iterator

import pytest

from cdk.app import make_app
from cdk.layers import ROOT
from cdk.stacks import training as training_stack
from mlops_platform.aws.clients import client
from mlops_platform.config.models import MODELS
from mlops_platform.sdk.tuning_launch import best_job
from tests.e2e.platform import DAYS, MODEL, Platform, running_platform

N_JOBS = 2
ALGORITHM = "random_forest"
# Where `make authoring` puts the `sagemaker` SDK, which does not go together with the rest.
LAUNCHER = ROOT / ".local/authoring/bin/mlops"


@pytest.fixture(scope="module")
def tuned_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, whose fraud detection is searched by two jobs."""
    models = tuple(
        dataclasses.replace(
            model,
            tuning="distributed",
            tuning_jobs=N_JOBS,
            search_space={ALGORITHM: model.search_space[ALGORITHM]},
        )
        if model.name == MODEL
        else model
        for model in MODELS
    )
    assembly = tmp_path_factory.mktemp("tuned.out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_stack, "MODELS", models)
        make_app(assembly, {"environment": "dev"}).synth()
    with running_platform(tmp_path_factory.mktemp("tuned"), assembly) as running:
        yield running


@pytest.mark.timeout(600)
def test_the_best_of_a_tuning_job_is_evaluated_registered_and_released(
    tuned_platform: Platform,
) -> None:
    tuned_platform.upload_world(0, DAYS - 1)

    result = tuned_platform.pipeline.run(MODEL, as_of=tuned_platform.moment(DAYS))

    assert {"Tune", "DescribeBest", "EvaluateCandidate", "RegisterModel"} <= set(result.states)
    sagemaker = client("sagemaker")
    (summary,) = sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]
    name = summary["HyperParameterTuningJobName"]
    job = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    assert job["TrainingJobStatusCounters"]["Completed"] == N_JOBS
    best = job["BestTrainingJob"]
    jobs = sagemaker.list_training_jobs(NameContains=name)["TrainingJobSummaries"]
    scores = {}
    for each in jobs:
        described = sagemaker.describe_training_job(TrainingJobName=each["TrainingJobName"])
        (metric,) = described["FinalMetricDataList"]
        scores[each["TrainingJobName"]] = metric["Value"]
    assert len(set(scores.values())) == N_JOBS
    assert best["TrainingJobName"] == max(scores, key=scores.__getitem__)
    artifact = result.output["training"]["ModelArtifacts"]["S3ModelArtifacts"]
    assert f"/{best['TrainingJobName']}/" in artifact
    assert result.output["registration"]["semantic_version"] == "1.0.0"


@pytest.mark.skipif(not LAUNCHER.exists(), reason="`make authoring` has not been run")
@pytest.mark.timeout(600)
def test_the_same_search_by_hand_through_the_sagemaker_sdk_registers_nothing(
    tuned_platform: Platform,
) -> None:
    tuned_platform.upload_world(0, DAYS - 1)
    before = tuned_platform.production()
    moment = tuned_platform.moment(DAYS).isoformat()

    finished = subprocess.run(
        [LAUNCHER, "--json", "tune", MODEL, "--as-of", moment],
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    best = best_job(told["tuning_job"])
    assert told == dataclasses.asdict(best)
    assert best.training_job.startswith(best.tuning_job)
    jobs = client("sagemaker").list_training_jobs(NameContains=best.tuning_job)
    assert len(jobs["TrainingJobSummaries"]) == N_JOBS
    assert tuned_platform.production() == before
