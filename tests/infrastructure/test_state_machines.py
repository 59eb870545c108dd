"""The state machines: what they name exists, and what they do they may."""

import inspect
from typing import Any

import pytest

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
    "PromoteModel",
    "NotifySucceeded",
    "Succeeded",
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


def test_every_error_that_a_state_names_exists(every: Assembly) -> None:
    ours = {name for name, _ in inspect.getmembers(errors, inspect.isclass)}
    theirs = ("Lambda.", "Runtime.", "Sandbox.", "SageMaker.", "SNS.", "States.", "StepFunctions.")
    for machine in every.of_type(MACHINE):
        for _, state in states(every.definition(machine)):
            rules = state.get("Retry", []) + state.get("Catch", [])
            for name in [name for rule in rules for name in rule["ErrorEquals"]]:
                assert name in ours or name.startswith(theirs), (machine, name)


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
    passed, visited = training["StartAt"], []
    while passed:
        visited.append(passed)
        state = training["States"][passed]
        passed = state.get("Next") or next((rule["Next"] for rule in state.get("Choices", [])), "")
    assert visited == STEPS


def test_a_failing_candidate_and_a_manual_gate_promote_nothing(training: dict[str, Any]) -> None:
    assert training["States"]["GoodEnough"]["Default"] == "NotifyRejected"
    assert training["States"]["NotifyRejected"]["Next"] == "Rejected"
    assert training["States"]["Gate"]["Default"] == "NotifySucceeded"


def test_a_broken_step_is_told_and_fails_the_execution(training: dict[str, Any]) -> None:
    for name in STEPS:
        state = training["States"][name]
        if state["Type"] == "Task" and name != "NotifySucceeded":
            assert [rule["Next"] for rule in state["Catch"]] == ["NotifyFailed"], name
    assert training["States"]["NotifyFailed"]["Next"] == "Failed"
    assert training["States"]["Failed"]["Type"] == "Fail"


def test_the_training_job_is_what_validate_data_answers(training: dict[str, Any]) -> None:
    parameters = training["States"]["Train"]["Parameters"]
    assert parameters["TrainingJobName.$"] == "$.data.training_job_name"
    assert parameters["InputDataConfig.$"] == "$.data.channels"
    assert parameters["HyperParameters.$"] == "$.data.hyperparameters"


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
    rule = next(
        rule
        for rule in dev.of_type("AWS::Events::Rule")
        if "ScheduleExpression" in rule.properties and rule.stack.endswith("Training")
    )
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
