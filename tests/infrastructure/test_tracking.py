"""MLflow's task, its database and its way in."""

import re
from typing import Any

import pytest

from cdk.constructs.tracking_server import IMAGE
from cdk.environments import environment_named
from cdk.images.tracking.start import allowed_hosts, store_uri
from tests.infrastructure.assembly_reader import Assembly, flatten

ADDRESS = re.compile(r"<[^>]*DNSName\w*>|<\w*Balancer\w*>")


@pytest.fixture
def container(dev: Assembly) -> dict[str, Any]:
    task = dev.of_type("AWS::ECS::TaskDefinition")[0]
    found: dict[str, Any] = task.properties["ContainerDefinitions"][0]
    return found


def test_the_task_runs_a_real_mlflow_server(container: dict[str, Any]) -> None:
    command = [flatten(word) for word in container["Command"]]
    assert command[:3] == ["python", "start.py", "server"]
    assert command[command.index("--port") + 1] == str(
        container["PortMappings"][0]["ContainerPort"]
    )
    assert command[command.index("--artifacts-destination") + 1].endswith("/mlflow")


def test_the_database_s_password_comes_from_secrets_manager_alone(
    container: dict[str, Any],
) -> None:
    secrets = {entry["Name"]: flatten(entry["ValueFrom"]) for entry in container["Secrets"]}
    fields = {name: value.split(":")[-3] for name, value in secrets.items()}
    assert fields == {
        "DB_HOST": "host",
        "DB_PORT": "port",
        "DB_NAME": "dbname",
        "DB_USERNAME": "username",
        "DB_PASSWORD": "password",
    }
    assert not [entry for entry in container["Environment"] if "DB_" in entry["Name"]]


def test_the_image_s_files_are_in_its_asset(dev: Assembly, container: dict[str, Any]) -> None:
    asset = dev.directory / f"asset.{flatten(container['Image']).rpartition(':')[2]}"
    expected = {"Dockerfile", "requirements.txt", "start.py"}
    assert {path.name for path in asset.iterdir()} == expected
    assert expected <= {path.name for path in IMAGE.iterdir()}


def test_mlflow_phones_nobody(container: dict[str, Any]) -> None:
    variables = {entry["Name"]: entry["Value"] for entry in container["Environment"]}
    assert variables["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert variables["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"


def test_the_load_balancer_is_internal_and_checks_health(every: Assembly) -> None:
    for balancer in every.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer"):
        assert balancer.properties["Scheme"] == "internal"
    (group,) = (
        group
        for group in every.of_type("AWS::ElasticLoadBalancingV2::TargetGroup")
        if group.stack.endswith("Tracking")
    )
    assert group.properties["HealthCheckPath"] == "/health"


def test_the_load_balancer_closes_idle_connections_before_mlflow_does(
    dev: Assembly, container: dict[str, Any]
) -> None:
    (balancer,) = (
        balancer
        for balancer in dev.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer")
        if balancer.stack.endswith("Tracking")
    )
    attributes = {
        each["Key"]: each["Value"] for each in balancer.properties["LoadBalancerAttributes"]
    }
    command = [flatten(word) for word in container["Command"]]
    option, seconds = command[command.index("--uvicorn-opts") + 1].split()
    assert option == "--timeout-keep-alive"
    assert int(seconds) > int(attributes["idle_timeout.timeout_seconds"])


def test_a_broken_deployment_rolls_back(every: Assembly) -> None:
    service = every.of_type("AWS::ECS::Service")[0]
    breaker = service.properties["DeploymentConfiguration"]["DeploymentCircuitBreaker"]
    assert breaker == {"Enable": True, "Rollback": True}


def test_no_task_starts_before_it_may_read_the_password(every: Assembly) -> None:
    service = every.of_type("AWS::ECS::Service")[0]
    task = every.referred(service, service.properties["TaskDefinition"])
    for name in ("ExecutionRoleArn", "TaskRoleArn"):
        role = every.referred(task, task.properties[name])
        assert {policy.logical_id for policy in every.policies_of(role)} <= {*service.depends_on}


def test_boto3_is_told_the_region(container: dict[str, Any]) -> None:
    variables = {entry["Name"]: entry["Value"] for entry in container["Environment"]}
    assert variables["AWS_DEFAULT_REGION"] == environment_named("dev").region


def test_the_database_is_private_encrypted_and_backed_up(every: Assembly) -> None:
    database = every.of_type("AWS::RDS::DBInstance")[0].properties
    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    assert database["BackupRetentionPeriod"] >= 1


def test_the_address_of_mlflow_takes_no_port(dev: Assembly, container: dict[str, Any]) -> None:
    given = {
        flatten(function.properties["Environment"]["Variables"]["TRACKING_URI"])
        for function in dev.of_type("AWS::Lambda::Function")
        if "TRACKING_URI" in function.properties["Environment"]["Variables"]
    }
    given |= {
        flatten(parameter.properties["Value"])
        for parameter in dev.of_type("AWS::SSM::Parameter")
        if parameter.properties["Name"].endswith("/tracking_uri")
    }
    for uri in given:
        assert ADDRESS.fullmatch(uri.removeprefix("http://")), uri
    variables = {entry["Name"]: flatten(entry["Value"]) for entry in container["Environment"]}
    assert ADDRESS.fullmatch(variables["LOAD_BALANCER_HOST"])


def test_a_password_of_any_characters_stands_in_the_store_s_address() -> None:
    parts = {"DB_USERNAME": "mlflow", "DB_HOST": "db", "DB_PORT": "5432", "DB_NAME": "mlflow"}
    uri = store_uri({**parts, "DB_PASSWORD": "a/b@c:d?#%"})
    assert uri == "postgresql+psycopg2://mlflow:a%2Fb%40c%3Ad%3F%23%25@db:5432/mlflow"


def test_both_spellings_of_the_load_balancer_s_name_are_allowed() -> None:
    assert allowed_hosts("internal-Alb-1.elb.test") == (
        "internal-Alb-1.elb.test,internal-alb-1.elb.test"
    )
    assert allowed_hosts("127.0.0.1:43123") == "127.0.0.1:43123"
