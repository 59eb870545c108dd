"""The state machines: what they name exists, and what they do they may."""

import dataclasses
import inspect
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from cdk.app import TEMPLATES_ONLY, make_app
from cdk.errors import UnsupportedComputeError
from cdk.stacks import training as training_stack
from mlops_platform import errors
from mlops_platform.config.models import MODELS
from tests.infrastructure.assembly_reader import Assembly, Resource, as_list, flatten, states

MACHINE = "AWS::StepFunctions::StateMachine"
# How a `.sync` task hears of its end: the managed rule that its role must be allowed to write.
EVENT_RULES = {
    "sagemaker:createTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    "states:startExecution": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
STEPS = [
    "ValidateData",
    "Train",
    "MaterializeFeatures",
    "EvaluateCandidate",
    "GoodEnough",
    "RegisterModel",
    "Gate",
    "Release",
    "NotifySucceeded",
    "Succeeded",
]
RELEASE_STEPS = [
    "WhichModel",
    "ServedByFraudDetection",
    "PrepareRelease",
    "CheckBundle",
    "Release",
    "Confirm",
    "FollowStages",
    "NotifyReleased",
    "Released",
]


def machine_named(assembly: Assembly, start: str) -> Resource:
    return next(
        machine for machine in assembly.of_type(MACHINE) if machine.logical_id.startswith(start)
    )


@pytest.fixture
def training(dev: Assembly) -> dict[str, Any]:
    return dev.definition(machine_named(dev, "FraudDetection"))


@pytest.fixture
def daily(dev: Assembly) -> dict[str, Any]:
    return dev.definition(machine_named(dev, "DailyTraining"))


@pytest.fixture
def release(dev: Assembly) -> dict[str, Any]:
    return dev.definition(machine_named(dev, "Workflow"))


def way_of(definition: dict[str, Any]) -> list[str]:
    """Return the states that an execution visits if nothing goes wrong and every choice is met."""
    state, visited = definition["StartAt"], []
    while state:
        visited.append(state)
        entry = definition["States"][state]
        state = entry.get("Next") or next((rule["Next"] for rule in entry.get("Choices", [])), "")
    return visited


def test_every_error_that_a_state_names_exists(every: Assembly) -> None:
    ours = {name for name, _ in inspect.getmembers(errors, inspect.isclass)} | boto3_errors()
    services = ("EventBridge", "Lambda", "SageMaker", "SNS", "StepFunctions")
    theirs = tuple(f"{name}." for name in (*services, "Runtime", "Sandbox", "States"))
    for machine in every.of_type(MACHINE):
        for _, state in states(every.definition(machine)):
            rules = state.get("Retry", []) + state.get("Catch", [])
            for name in [name for rule in rules for name in rule["ErrorEquals"]]:
                assert name in ours or name.startswith(theirs), (machine, name)


def boto3_errors() -> set[str]:
    """Return the names of the classes that boto3 raises for DynamoDB's modelled errors."""
    dynamodb = boto3.client("dynamodb", region_name="eu-west-1")
    shapes = dynamodb.meta.service_model.error_shapes
    return {dynamodb.exceptions.from_code(shape.name).__name__ for shape in shapes}


def test_a_function_that_met_other_writers_or_a_throttled_table_is_tried_again(
    training: dict[str, Any],
) -> None:
    passing = {
        "FeatureConflictError",
        "TrackingServerError",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
    }
    for name in ("ValidateData", "RegisterModel", "MaterializeFeatures"):
        patient = [
            rule
            for rule in training["States"][name]["Retry"]
            if passing <= set(rule["ErrorEquals"])
        ]
        assert len(patient) == 1, name
        assert patient[0]["MaxAttempts"] == 8


def test_every_task_has_a_catch_so_that_no_failure_goes_unsaid(every: Assembly) -> None:
    for machine in every.of_type(MACHINE):
        for name, state in states(every.definition(machine)):
            if state["Type"] == "Task":
                caught = [error for rule in state["Catch"] for error in rule["ErrorEquals"]]
                assert caught[-1] == "States.ALL", (machine, name)


def test_every_sync_task_may_write_its_events_rule(every: Assembly) -> None:
    for machine in every.of_type(MACHINE):
        role = every.referred(machine, machine.properties["RoleArn"])
        writable = [
            flatten(resource)
            for policy, statement in every.statements()
            if {"Ref": role.logical_id} in policy.properties["Roles"]
            and policy.stack == role.stack
            and {"events:PutTargets", "events:PutRule", "events:DescribeRule"}
            <= set(as_list(statement["Action"]))
            for resource in as_list(statement["Resource"])
        ]
        for _, state in states(every.definition(machine)):
            service, sync, _ = state.get("Resource", "").rpartition(".sync")
            if sync:
                rule = EVENT_RULES[service.removeprefix("arn:aws:states:::")]
                assert any(resource.endswith(f":rule/{rule}") for resource in writable), machine


def test_every_machine_is_traced_logged_and_timed_out(every: Assembly) -> None:
    for machine in every.of_type(MACHINE):
        assert machine.properties["TracingConfiguration"] == {"Enabled": True}
        assert machine.properties["LoggingConfiguration"]["Level"] == "ALL"
        assert every.definition(machine)["TimeoutSeconds"] > 0


def test_every_model_has_a_training_workflow(dev: Assembly) -> None:
    for model in MODELS:
        assert machine_named(dev, model.construct_id)


def test_a_passing_candidate_goes_through_every_step_in_order(training: dict[str, Any]) -> None:
    assert way_of(training) == STEPS


def test_a_failing_candidate_and_a_manual_gate_release_nothing(training: dict[str, Any]) -> None:
    assert training["States"]["GoodEnough"]["Default"] == "NotifyRejected"
    assert training["States"]["NotifyRejected"]["Next"] == "Rejected"
    assert training["States"]["Gate"]["Default"] == "NotifySucceeded"


def test_a_broken_step_is_told_and_fails_the_execution(training: dict[str, Any]) -> None:
    for name in STEPS:
        state = training["States"][name]
        if state["Type"] == "Task" and name not in {"Release", "NotifySucceeded"}:
            assert [rule["Next"] for rule in state["Catch"]] == ["NotifyFailed"], name
    assert training["States"]["NotifyFailed"]["Next"] == "Failed"
    assert training["States"]["Failed"]["Type"] == "Fail"


def test_a_release_is_asked_for_under_the_training_s_own_name(training: dict[str, Any]) -> None:
    parameters = training["States"]["Release"]["Parameters"]
    assert parameters["Name.$"] == "$$.Execution.Name"
    assert parameters["Input"]["comparison"] == {"champion.$": "$.data.champion"}
    assert parameters["Input"]["version.$"] == "$.registration.version"


def test_a_failed_release_is_told_by_its_own_error(training: dict[str, Any]) -> None:
    states_ = training["States"]
    assert [rule["Next"] for rule in states_["Release"]["Catch"]] == ["ReleaseEnded"]
    assert states_["ReleaseEnded"]["Default"] == "NotifyFailed"
    assert [rule["Next"] for rule in states_["ReleaseEnded"]["Choices"]] == ["ReadRelease"]
    assert states_["ReadRelease"]["Next"] == "ReleaseSaidWhy"
    assert states_["ReleaseSaidWhy"]["Default"] == "NotifyFailed"
    assert [rule["Next"] for rule in states_["ReleaseSaidWhy"]["Choices"]] == ["TakeOverError"]
    assert states_["TakeOverError"]["Next"] == "NotifyFailed"
    assert states_["TakeOverError"]["Parameters"]["Error.$"] == "$.error.release.Error"


def test_a_good_release_goes_through_every_step_in_order(release: dict[str, Any]) -> None:
    assert way_of(release) == RELEASE_STEPS


def test_every_model_s_release_asks_the_function_that_serves_it(
    dev: Assembly, release: dict[str, Any]
) -> None:
    choices = {
        rule["StringEquals"]: rule["Next"] for rule in release["States"]["WhichModel"]["Choices"]
    }
    assert list(choices) == [model.name for model in MODELS]
    for model in MODELS:
        chosen = release["States"][choices[model.name]]
        arn = chosen["Parameters"]["function_arn"]
        assert f"Ref{model.construct_id}Live" in arn
        allowed = [
            flatten(resource)
            for _, statement in dev.statements()
            if "lambda:InvokeFunction" in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
        ]
        assert arn in allowed
    for name in ("CheckBundle", "Confirm"):
        parameters = release["States"][name]["Parameters"]
        assert parameters["FunctionName.$"] == "$.predict.function_arn"


def test_a_model_that_nothing_serves_is_not_released(release: dict[str, Any]) -> None:
    unknown = release["States"][release["States"]["WhichModel"]["Default"]]
    assert (unknown["Type"], unknown["Error"]) == ("Fail", "ModelNotFoundError")


@pytest.mark.parametrize("step", ["PrepareRelease", "CheckBundle", "Release", "Confirm"])
def test_a_release_that_breaks_is_taken_back_told_and_fails(
    release: dict[str, Any], step: str
) -> None:
    (caught,) = release["States"][step]["Catch"]
    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "RollBack")
    roll_back = release["States"]["RollBack"]
    assert roll_back["Next"] == roll_back["Catch"][-1]["Next"] == "NotifyFailed"
    assert release["States"]["NotifyFailed"]["Next"] == "Failed"
    assert release["States"]["Failed"]["Type"] == "Fail"
    assert release["States"]["Failed"]["ErrorPath"] == "$.error.Error"


def test_a_release_that_is_in_effect_stands_without_mlflow(release: dict[str, Any]) -> None:
    assert [rule["Next"] for rule in release["States"]["FollowStages"]["Catch"]] == [
        "NotifyReleased"
    ]


def test_the_confirmation_is_waited_for_but_not_for_ever(release: dict[str, Any]) -> None:
    waits = [
        rule
        for rule in release["States"]["Confirm"]["Retry"]
        if "RoutingNotInEffectError" in rule["ErrorEquals"]
    ]
    # Routing is looked for after 5 s; a rollback must be in effect within 10 s.
    assert [10 <= rule["IntervalSeconds"] * rule["MaxAttempts"] <= 60 for rule in waits] == [True]


def test_only_the_release_s_own_steps_hear_of_the_bundle_s_examples(
    release: dict[str, Any],
) -> None:
    payload = release["States"]["CheckBundle"]["Parameters"]["Payload"]
    assert payload == {
        "check_bundle": {
            "bundle_uri.$": "$.prepared.bundle_uri",
            "bundle_sha256.$": "$.prepared.bundle_sha256",
        }
    }
    evidence = release["States"]["Release"]["Parameters"]["evidence"]
    assert evidence == {"decision.$": "$.evidence", "golden_examples.$": "$.check"}


def test_the_ledger_is_held_against_what_follows_it_every_five_minutes(dev: Assembly) -> None:
    rule = scheduled(dev, "Reconcile")
    assert rule.properties["ScheduleExpression"] == "rate(5 minutes)"
    (target,) = rule.properties["Targets"]
    assert json.loads(target["Input"]) == {"model_names": [model.name for model in MODELS]}
    function = dev.referred(rule, target["Arn"])
    assert function.properties["Description"] == "functions/follow_stages"


def scheduled(assembly: Assembly, start: str) -> Resource:
    (rule,) = (
        rule for rule in assembly.of_type("AWS::Events::Rule") if rule.logical_id.startswith(start)
    )
    return rule


def test_the_training_job_is_what_validate_data_answers(training: dict[str, Any]) -> None:
    parameters = training["States"]["Train"]["Parameters"]
    assert parameters["TrainingJobName.$"] == "$.data.training_job_name"
    assert parameters["InputDataConfig.$"] == "$.data.channels"
    assert parameters["HyperParameters.$"] == "$.data.hyperparameters"


def test_what_an_execution_asks_of_the_gate_reaches_the_evaluation(
    training: dict[str, Any],
) -> None:
    validate, evaluate = (training["States"][n] for n in ("ValidateData", "EvaluateCandidate"))
    assert validate["Parameters"]["execution_input.$"] == "$$.Execution.Input"
    assert validate["ResultPath"] == "$.data"
    threshold = evaluate["Parameters"]["auto_promote_threshold.$"]
    assert threshold == "$.data.auto_promote_threshold"


def test_a_place_to_train_that_is_not_described_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tuple(dataclasses.replace(model, compute="eks") for model in MODELS)
    monkeypatch.setattr(training_stack, "MODELS", elsewhere)
    with pytest.raises(UnsupportedComputeError, match="compute='sagemaker'"):
        make_app(tmp_path, {"environment": "dev", **TEMPLATES_ONLY})


def test_the_training_job_runs_a_script_that_its_image_holds(
    dev: Assembly, training: dict[str, Any]
) -> None:
    algorithm = training["States"]["Train"]["Parameters"]["AlgorithmSpecification"]
    tag = algorithm["TrainingImage"].rpartition(":")[2]
    image = dev.directory / f"asset.{tag}"
    program = algorithm["ContainerEntrypoint"][1].removeprefix("/opt/program/")
    assert (image / program).is_file()
    assert (image / "training_jobs" / "Dockerfile").is_file()


def test_the_training_image_holds_our_library_and_scripts_only(
    dev: Assembly, training: dict[str, Any]
) -> None:
    algorithm = training["States"]["Train"]["Parameters"]["AlgorithmSpecification"]
    image = dev.directory / f"asset.{algorithm['TrainingImage'].rpartition(':')[2]}"
    assert {path.name for path in image.iterdir()} == {"layers", "training_jobs"}
    assert [path.name for path in (image / "layers").iterdir()] == ["platform"]
    assert not list(image.rglob("__pycache__"))


def test_the_daily_rule_makes_the_event_s_time_the_as_of(dev: Assembly) -> None:
    rule = scheduled(dev, "DailyTraining")
    transformer = rule.properties["Targets"][0]["InputTransformer"]
    assert list(transformer["InputPathsMap"].values()) == ["$.time"]
    assert transformer["InputTemplate"] == '{"as_of":<time>,"cause":"schedule"}'


def test_one_day_and_cause_name_one_execution(daily: dict[str, Any]) -> None:
    task = dict(states(daily))["TrainModel"]
    assert task["Parameters"]["Name.$"] == (
        "States.Format('{}-{}-{}', $.model.model_name, "
        "States.ArrayGetItem(States.StringSplit($.as_of, 'T'), 0), $.cause)"
    )
    first = task["Catch"][0]
    assert first["ErrorEquals"] == ["StepFunctions.ExecutionAlreadyExistsException"]
    assert first["Next"] == "AlreadyStarted"


def test_one_model_s_failure_stops_no_other_and_fails_the_day(daily: dict[str, Any]) -> None:
    task = dict(states(daily))["TrainModel"]
    assert task["Catch"][-1]["Next"] == "ModelFailed"
    assert dict(states(daily))["ModelFailed"]["End"] is True
    assert daily["States"]["AnyFailed"]["Choices"][0]["Next"] == "SomeModelFailed"


def test_the_day_trains_every_model(daily: dict[str, Any]) -> None:
    listed = [entry["model_name"] for entry in daily["States"]["ListModels"]["Result"]]
    assert listed == [model.name for model in MODELS]


def test_one_object_s_failure_keeps_no_other_from_being_scored_and_fails_the_batch(
    dev: Assembly,
) -> None:
    batch = dev.definition(machine_named(dev, "BatchScoring"))
    inner = dict(states(batch))
    assert inner["ScoreObject"]["Catch"][-1]["Next"] == "ObjectFailed"
    assert inner["ObjectFailed"]["End"] is True
    assert inner["ObjectFailed"]["Parameters"]["status"] == "FAILED"
    assert batch["States"]["AnyFailed"]["Choices"][0]["Next"] == "SomeObjectFailed"
