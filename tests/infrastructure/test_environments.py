"""What dev, staging and prod have in common, and in what they differ."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App

from cdk.app import TEMPLATES_ONLY
from cdk.environments import ENVIRONMENTS, environment_named
from cdk.errors import UnknownEnvironmentError
from cdk.platform import Platform
from mlops_platform.config.models import MODELS
from tests.infrastructure.assembly_reader import Assembly, as_list, flatten

READ_BY_CLIENTS = {
    "api_url",
    "tracking_uri",
    "data_bucket",
    "artifact_bucket",
    "bundle_bucket",
    "ledger_table",
    "routing_table",
    "feature_table",
    "api_key_table",
    "monitoring_table",
    "monitoring_bucket",
    "feedback_queue_url",
    "alert_queue_url",
    "alert_channels_arn",
    "event_bus",
    "daily_training_state_machine_arn",
    "release_state_machine_arn",
    "batch_scoring_state_machine_arn",
    "functions/ingest_predictions",
    "functions/update_features",
    "dead_letters/ingest_predictions",
    "dead_letters/join_feedback",
    "dead_letters/send_alert",
    "dead_letters/update_features",
    *(f"training_state_machine_arn/{model.name}" for model in MODELS),
    *(f"prediction_log_group/{model.name}" for model in MODELS),
}
OUTLIVING = {
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
}


def templates(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(directory.glob("*.template.json"))}


def test_nothing_but_names_depends_on_an_environment_s_name(dev: Assembly, tmp_path: Path) -> None:
    """Whoever asks `if name == "prod"` makes this fail; sizes belong in environments.py."""
    twin = dataclasses.replace(environment_named("dev"), name="twin")
    context = json.loads(Path("cdk.json").read_text())["context"]
    app = App(
        outdir=str(tmp_path), context={**context, **TEMPLATES_ONLY}, analytics_reporting=False
    )
    Platform(app, twin)
    app.synth()

    def kinds(assembly: Assembly, name: str) -> list[tuple[str, str]]:
        return [
            (each.stack.replace(name.capitalize(), "X"), each.type) for each in assembly.resources
        ]

    assert kinds(Assembly(tmp_path), "twin") == kinds(dev, "dev")


def test_every_client_s_value_is_published_below_the_environment_s_path(
    assembly_of: Callable[[str], Assembly],
) -> None:
    for environment in ENVIRONMENTS:
        names = {
            parameter.properties["Name"]
            for parameter in assembly_of(environment.name).of_type("AWS::SSM::Parameter")
        }
        prefix = f"/selfmonitor-mlops/{environment.name}/"
        assert names == {prefix + key for key in READ_BY_CLIENTS}


def test_production_spans_three_zones_with_three_servers_and_a_standby(
    assembly_of: Callable[[str], Assembly],
) -> None:
    prod = assembly_of("prod")
    assert len(prod.of_type("AWS::EC2::Subnet")) == 3
    assert prod.of_type("AWS::ECS::Service")[0].properties["DesiredCount"] >= 3
    assert prod.of_type("AWS::RDS::DBInstance")[0].properties["MultiAZ"] is True
    assert prod.of_type("AWS::RDS::DBInstance")[0].properties["DeletionProtection"] is True


def test_production_s_data_outlives_its_stacks(assembly_of: Callable[[str], Assembly]) -> None:
    storage = assembly_of("prod").directory / "SelfMonitor-Prod-Storage.template.json"
    for key, resource in json.loads(storage.read_text())["Resources"].items():
        if resource["Type"] in OUTLIVING:
            assert resource["DeletionPolicy"] == "Retain", key


def test_every_environment_has_the_same_stacks(assembly_of: Callable[[str], Assembly]) -> None:
    for environment in ENVIRONMENTS:
        names = set(templates(assembly_of(environment.name).directory))
        assert names == {
            f"{environment.stack_name(kind)}.template.json"
            for kind in (
                "Network",
                "Storage",
                "Tracking",
                "Monitoring",
                "SelfMate",
                "Serving",
                "Release",
                "Training",
            )
        }


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownEnvironmentError, match="dev, staging, prod"):
        environment_named("production")


def test_an_encoder_in_s3_is_told_to_training_and_read_by_the_model_that_needs_it(
    tmp_path: Path,
) -> None:
    dev = dataclasses.replace(environment_named("dev"), encoder_weights="s3://weights/minilm/")
    app = App(outdir=str(tmp_path), analytics_reporting=False, context=TEMPLATES_ONLY)
    Platform(app, dev)
    app.synth()
    assembly = Assembly(tmp_path)

    (validate,) = (
        function
        for function in assembly.of_type("AWS::Lambda::Function")
        if function.logical_id.startswith("FunctionsValidateData")
    )
    variables = validate.properties["Environment"]["Variables"]
    assert "s3://weights/minilm/" in variables.values()
    reading = {
        policy.logical_id
        for policy, statement in assembly.statements()
        if any("weights" in flatten(each) for each in as_list(statement["Resource"]))
    }
    assert len(reading) == 1
    assert reading.pop().startswith("SelfmateTrainingJobRole")
