"""From tables in a bucket to predictions over HTTP, through the deployed definitions."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlops_platform import TrainingPipeline
from mlops_platform.aws.clients import client
from mlops_platform.config.models import MODELS
from mlops_platform.errors import TrainingFailedError
from mlops_platform.sdk.api_client import Answer
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import ExecutionResult, wait_for_execution
from tests.e2e.platform import DAYS, MODEL, Platform

STATES = (
    "ValidateData",
    "Train",
    "MaterializeFeatures",
    "EvaluateCandidate",
    "RegisterModel",
    "Release",
    "NotifySucceeded",
)


def test_a_model_without_a_version_asks_to_come_back(answer_before_training: Answer) -> None:
    assert answer_before_training.status == 503
    assert int(answer_before_training.headers["retry-after"]) > 0


def test_the_first_training_visits_the_pipelines_states_in_order(
    first_training: ExecutionResult,
) -> None:
    visited = [state for state in first_training.states if state in STATES]

    assert first_training.status == "SUCCEEDED"
    assert visited == list(STATES)


def test_production_is_the_same_for_routing_registry_and_api(platform: Platform) -> None:
    production = platform.production()

    assert production["routing"] == [production["alias"]]
    assert production["api"]


def stands_in(parts: list[Any], ran: str) -> bool:
    """Whether all literal parts between a template's references are in what ran, in order."""
    position = 0
    for part in parts:
        if isinstance(part, str):
            found = ran.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
    return True


def test_the_definition_that_ran_is_the_templates(platform: Platform) -> None:
    arn = discover(platform.config, f"training_state_machine_arn/{MODEL}")
    stack = "SelfMonitor-Dev-Training"
    template = client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    template = template if isinstance(template, dict) else json.loads(template)
    written = [
        resource["Properties"]["DefinitionString"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::StepFunctions::StateMachine"
        and "ValidateData" in json.dumps(resource["Properties"]["DefinitionString"])
    ]
    ran = client("stepfunctions").describe_state_machine(stateMachineArn=arn)["definition"]

    assert len(written) == len(MODELS)
    # Models differ in what their references resolve to, and in states that some do not have.
    assert any(stands_in(definition["Fn::Join"][1], ran) for definition in written)
    assert json.loads(ran)["StartAt"] == "ValidateData"


def test_a_prediction_and_a_batch_are_answered_by_production(platform: Platform) -> None:
    one = platform.api.call(
        "POST", f"/ml/{MODEL}/predict", {"features": {"amount": 100.0, "merchant": "grocery_store"}}
    )
    many = platform.api.call(
        "POST", f"/ml/{MODEL}/batch_predict", {"instances": [{"amount": 5}, {"amount": 5_000}]}
    )

    assert one["model_version"] == platform.production()["api"]
    assert 0 <= one["prediction"]["fraud_probability"] <= 1
    assert len(many["predictions"]) == 2


def run_mlops(platform: Platform, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mlops_platform.cli", *arguments],
        env={**os.environ, "SELFMONITOR_API_KEY": platform.config.api_key},
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_command_line_tells_what_the_api_tells(platform: Platform) -> None:
    printed = run_mlops(platform, "--json", "models")

    assert json.loads(printed.stdout) == platform.api.call("GET", "/models")


def test_the_command_line_predicts(platform: Platform) -> None:
    arguments = ("predict", MODEL, "amount=100", "merchant=grocery_store")

    for_programs = run_mlops(platform, "--json", *arguments)
    for_people = run_mlops(platform, *arguments)

    assert json.loads(for_programs.stdout)["model_name"] == MODEL
    assert "fraud_probability" in for_people.stdout


def test_the_command_line_shows_what_serves(platform: Platform) -> None:
    shown = json.loads(run_mlops(platform, "--json", "status").stdout)

    assert "1.0.0 (100%)" in run_mlops(platform, "status").stdout
    assert shown["health"]["status"] == "ok"
    assert shown["models"][MODEL]["serving"]["variants"][0]["weight"] == 1.0


def test_a_bad_file_is_named_and_not_uploaded(platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("transaction_id,amount\nt1,twelve\n")

    printed = run_mlops(platform, "data", "load", "transactions", str(tmp_path / "new.csv"))
    listed = client("s3").list_objects_v2(Bucket=discover(platform.config, "data_bucket"))

    assert printed.returncode == 1
    assert "DataValidationError" in printed.stderr
    assert "column amount: row 1 ('twelve')" in printed.stderr
    assert not [entry for entry in listed["Contents"] if entry["Key"].endswith("new.csv")]


def test_a_bad_table_stops_the_pipeline_and_production_stays(platform: Platform) -> None:
    bucket = discover(platform.config, "data_bucket")
    before = platform.production()
    client("s3").put_object(Bucket=bucket, Key="transactions/bad.csv", Body=b"amount\ntwelve\n")

    try:
        with pytest.raises(TrainingFailedError, match="DataValidationError"):
            platform.pipeline.run(MODEL, as_of=platform.moment(DAYS))
    finally:
        client("s3").delete_object(Bucket=bucket, Key="transactions/bad.csv")

    assert platform.production() == before


def test_the_sdk_trains_and_tells_whether_it_released(platform: Platform) -> None:
    pipeline = TrainingPipeline(platform.config)

    released = asyncio.run(pipeline.run_fraud_detection_training(as_of=platform.moment(DAYS)))

    assert released is True


def test_the_daily_schedule_starts_one_training_of_each_model_for_the_day(
    platform: Platform,
) -> None:
    machine = discover(platform.config, "daily_training_state_machine_arn")

    for _ in range(2):
        platform.admin("POST", "/schedules/fire", {"rule": "Daily", "at": "2025-03-20T02:00:00Z"})
        parents = client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
        for parent in parents:
            assert wait_for_execution(parent["executionArn"]).status == "SUCCEEDED"
    for model in MODELS:
        children = client("stepfunctions").list_executions(
            stateMachineArn=discover(platform.config, f"training_state_machine_arn/{model.name}")
        )["executions"]
        statuses = [
            child["status"]
            for child in children
            if child["name"] == f"{model.name}-2025-03-20-schedule"
        ]
        assert statuses == ["SUCCEEDED"]
