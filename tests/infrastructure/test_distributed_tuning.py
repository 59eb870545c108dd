"""A model whose search is distributed: what its workflow asks of SageMaker, and may."""

from pathlib import Path
from typing import Any

import botocore.session
import botocore.validate
import pytest

from mlops_platform.config.models import model_named
from tests.infrastructure.assembly_reader import Assembly, Resource, as_list, flatten
from tests.infrastructure.changed_models import dev_with

MODEL = model_named("fraud_detection")


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assembly, list[str]]:
    """The dev environment with one distributed search, and what cdk-nag has against it."""
    return dev_with(MODEL, tmp_path_factory.mktemp("tuned"), tuning="distributed")


@pytest.fixture(scope="module")
def machine(tuned: tuple[Assembly, list[str]]) -> Resource:
    machines = tuned[0].of_type("AWS::StepFunctions::StateMachine")
    return next(each for each in machines if each.logical_id.startswith("FraudDetection"))


@pytest.fixture(scope="module")
def states(tuned: tuple[Assembly, list[str]], machine: Resource) -> dict[str, Any]:
    return dict(tuned[0].definition(machine)["States"])


def filled(value: Any) -> Any:
    """Return parameters as an execution fills them, with texts where ValidateData answers one."""
    answers = {
        "$.data.tuning_job_name": "fraud-detection-0123456789ab",
        "$.data.hyperparameters": {"model_name": MODEL.name},
        "$.data.channels": [],
    }
    if isinstance(value, dict):
        return {
            key.removesuffix(".$"): answers[each] if key.endswith(".$") else filled(each)
            for key, each in value.items()
        }
    return [filled(each) for each in value] if isinstance(value, list) else value


def test_the_search_is_one_that_sagemaker_accepts(states: dict[str, Any]) -> None:
    shape = (
        botocore.session.get_session()
        .get_service_model("sagemaker")
        .operation_model("CreateHyperParameterTuningJob")
        .input_shape
    )
    assert shape is not None
    parameters = filled(states["Tune"]["Parameters"])
    for definition in parameters["TrainingJobDefinitions"]:
        # A tuning job's image must know by itself what to run.
        assert "ContainerEntrypoint" not in definition["AlgorithmSpecification"]
        definition["InputDataConfig"] = [{"ChannelName": "c", "DataSource": {}}]
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    assert not report.has_errors(), report.generate_report()


def test_every_algorithm_is_searched_in_the_model_s_own_ranges(states: dict[str, Any]) -> None:
    definitions = states["Tune"]["Parameters"]["TrainingJobDefinitions"]
    searched = {}
    for definition in definitions:
        ranges = definition["HyperParameterRanges"]
        (algorithm,) = ranges["CategoricalParameterRanges"]
        whole = ranges.get("IntegerParameterRanges", [])
        searched[algorithm["Values"][0]] = {
            each["Name"]: (
                each["MinValue"],
                each["MaxValue"],
                each["ScalingType"] == "Logarithmic",
                each in whole,
            )
            for each in [*whole, *ranges.get("ContinuousParameterRanges", [])]
        }
    assert searched == {
        algorithm: {
            name: (str(each.low), str(each.high), each.log, each.is_whole)
            for name, each in space.items()
        }
        for algorithm, space in MODEL.search_space.items()
    }


def test_the_best_job_goes_on_where_a_single_one_would(states: dict[str, Any]) -> None:
    assert states["ValidateData"]["Next"] == "Tune"
    assert states["Tune"]["Next"] == "DescribeBest"
    assert states["DescribeBest"]["Next"] == "MaterializeFeatures"
    assert states["DescribeBest"]["ResultPath"] == "$.training"
    assert "Train" not in states
    for name in ("Tune", "DescribeBest"):
        assert [rule["Next"] for rule in states[name]["Catch"]] == ["NotifyFailed"]


def test_the_workflow_may_what_a_tuning_job_takes_and_no_more(
    tuned: tuple[Assembly, list[str]], machine: Resource
) -> None:
    assembly, _ = tuned
    role = assembly.referred(machine, machine.properties["RoleArn"])
    allowed: dict[str, set[str]] = {}
    for statement in assembly.statements_of(role):
        for action in as_list(statement["Action"]):
            resources = {flatten(each) for each in as_list(statement["Resource"])}
            allowed.setdefault(action, set()).update(each.rpartition(":")[2] for each in resources)

    jobs = {"hyper-parameter-tuning-job/fraud-detection-*"}
    assert {name: which for name, which in allowed.items() if name.startswith("sagemaker:")} == {
        "sagemaker:CreateHyperParameterTuningJob": jobs,
        "sagemaker:DescribeHyperParameterTuningJob": jobs,
        "sagemaker:StopHyperParameterTuningJob": jobs,
        "sagemaker:AddTags": jobs,
        "sagemaker:ListTags": jobs,
        "sagemaker:DescribeTrainingJob": {"training-job/fraud-detection-*"},
    }
    assert "rule/StepFunctionsGetEventsForSageMakerTuningJobsRule" in allowed["events:PutRule"]


def test_cdk_nag_finds_nothing_new(tuned: tuple[Assembly, list[str]]) -> None:
    assert tuned[1] == []


def test_the_image_runs_the_model_that_the_hyperparameters_name(dev: Assembly) -> None:
    (image,) = dev.directory.glob("asset.*/training_jobs/Dockerfile")
    assert Path(image).read_text().endswith('ENTRYPOINT ["python", "-m", "training_jobs"]\n')
    assert image.with_name("__main__.py").is_file()
