"""ECS services and RDS databases run for real, behind the names that templates use."""

import json
import os
import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path

import boto3
import psycopg2
import pytest

from local_cloud.cloud import LocalCloud
from local_cloud.containers import translate_command
from local_cloud.images import UnsupportedImageError, read_image
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.waiting import end_of_process

NewAssembly = Callable[[], Assembly]

SERVER = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"pid": os.getpid(), "user": os.environ["DB_USER"],
                           "password": os.environ["DB_PASSWORD"], "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
print("serving", sys.argv, flush=True)
HTTPServer((sys.argv[2], int(sys.argv[4])), Handler).serve_forever()
"""
DOCKERFILE = """
FROM python:3.13-slim
WORKDIR /srv/app
COPY . .
CMD ["python", "/srv/app/server.py"]
"""


def add_database(assembly: Assembly) -> dict[str, object]:
    """Add a PostgreSQL with a generated password as CDK writes it; return its properties."""
    secret = assembly.add_resource(
        "Secret",
        "AWS::SecretsManager::Secret",
        {
            "GenerateSecretString": {
                "SecretStringTemplate": json.dumps({"username": "keeper"}),
                "GenerateStringKey": "password",
                "ExcludeCharacters": '"@/\\',
            }
        },
    )

    def field(name: str) -> dict[str, object]:
        return {
            "Fn::Join": ["", ["{{resolve:secretsmanager:", secret, f":SecretString:{name}::}}}}"]]
        }

    properties = {
        "Engine": "postgres",
        "EngineVersion": "17",
        "DBInstanceClass": "db.t4g.micro",
        "AllocatedStorage": "20",
        "MasterUsername": field("username"),
        "MasterUserPassword": field("password"),
        "DBName": "ledger",
    }
    database = assembly.add_resource("Database", "AWS::RDS::DBInstance", properties)
    assembly.add_resource(
        "Attachment",
        "AWS::SecretsManager::SecretTargetAttachment",
        {"SecretId": secret, "TargetId": database, "TargetType": "AWS::RDS::DBInstance"},
    )
    assembly.add_output("Host", {"Fn::GetAtt": ["Database", "Endpoint.Address"]})
    assembly.add_output("Port", {"Fn::GetAtt": ["Database", "Endpoint.Port"]})
    assembly.add_output("Secret", secret)
    return dict(secret)


def test_a_database_answers_with_the_generated_password(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    add_database(assembly)
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)
    text = boto3.client("secretsmanager").get_secret_value(SecretId=outputs["Secret"])
    secret = json.loads(text["SecretString"])

    connection = psycopg2.connect(
        host=outputs["Host"],
        port=outputs["Port"],
        user="keeper",
        password=secret["password"],
        dbname="ledger",
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("create table entries (n int); insert into entries values (7)")
        cursor.execute("select n from entries")
        row = cursor.fetchone()
    connection.close()

    assert row == (7,)
    assert (secret["host"], str(secret["port"])) == (outputs["Host"], outputs["Port"])
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(
            host=outputs["Host"],
            port=outputs["Port"],
            user="keeper",
            password="wrong",
            dbname="ledger",
        )


PARENT = """
import pathlib, subprocess, sys
server = pathlib.Path(__file__).with_name("server.py")
subprocess.run([sys.executable, server, *sys.argv[1:]])
"""


def add_service(assembly: Assembly, directory: Path, port: int, program: str = "server.py") -> None:
    """Add a service of one container behind a load balancer, with a secret in its environment."""
    directory.mkdir(parents=True)
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (directory / "server.py").write_text(SERVER)
    (directory / "parent.py").write_text(PARENT)
    secret = assembly.add_resource(
        "Secret",
        "AWS::SecretsManager::Secret",
        {"SecretString": json.dumps({"username": "keeper", "password": "hidden"})},
    )
    arn_key = {"Fn::Join": ["", [secret, ":password::"]]}
    container = {
        "Name": "web",
        "Image": assembly.add_image_asset(directory),
        "Essential": True,
        "Command": ["python", f"/srv/app/{program}", "--host", "0.0.0.0", "--port", str(port)],  # noqa: S104 (made loopback)
        "Environment": [{"Name": "DB_USER", "Value": "keeper"}],
        "Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": arn_key}],
        "PortMappings": [{"ContainerPort": port}],
    }
    task = assembly.add_resource(
        "Task",
        "AWS::ECS::TaskDefinition",
        {
            "ContainerDefinitions": [container],
            "Cpu": "256",
            "Memory": "512",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
        },
    )
    cluster = assembly.add_resource("Cluster", "AWS::ECS::Cluster")
    network = add_network(assembly)
    balancer = assembly.add_resource(
        "Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": network["subnets"]}
    )
    group = assembly.add_resource(
        "Group",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "Port": port,
            "Protocol": "HTTP",
            "TargetType": "ip",
            "HealthCheckPath": "/health",
            "VpcId": network["vpc"],
        },
    )
    assembly.add_resource(
        "Listener",
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": balancer,
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
        },
    )
    member = {"ContainerName": "web", "ContainerPort": port, "TargetGroupArn": group}
    assembly.add_resource(
        "Service",
        "AWS::ECS::Service",
        {
            "Cluster": cluster,
            "TaskDefinition": task,
            "DesiredCount": 3,
            "LoadBalancers": [member],
        },
    )
    assembly.add_output("Name", {"Fn::GetAtt": ["Service", "Name"]})
    dns_name = {"Fn::GetAtt": ["Balancer", "DNSName"]}
    assembly.add_output("Url", {"Fn::Join": ["", ["http://", dns_name]]})


def add_network(assembly: Assembly) -> dict[str, object]:
    """Add a network with two subnets."""
    vpc = assembly.add_resource("Vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    subnets = [
        assembly.add_resource(
            f"Subnet{zone}",
            "AWS::EC2::Subnet",
            {
                "VpcId": vpc,
                "CidrBlock": f"10.0.{number}.0/24",
                "AvailabilityZone": f"eu-west-1{zone}",
            },
        )
        for number, zone in enumerate("ab")
    ]
    return {"vpc": vpc, "subnets": subnets}


def ask(url: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{url}/hello", timeout=10) as answer:  # noqa: S310 (a loopback address)
        return dict(json.load(answer))


def ask_until_replaced(url: str, before: dict[str, object]) -> dict[str, object]:
    after = before
    while after["pid"] == before["pid"]:
        try:
            after = ask(url)
        except OSError:
            continue
    return after


@pytest.mark.timeout(120)
def test_a_task_dies_with_its_first_process_and_is_replaced(
    cloud: LocalCloud, new_assembly: NewAssembly, tmp_path: Path
) -> None:
    # Given a task whose first process has started the server, as `mlflow server` does
    assembly = new_assembly()
    add_service(assembly, tmp_path / "image", 5000, program="parent.py")
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)
    before = ask(outputs["Url"])
    (pid,) = [each.pid for each in cloud.processes.running() if each.name == outputs["Name"]]
    assert pid != before["pid"]

    # When the first process alone is killed
    os.kill(pid, signal.SIGKILL)

    # Then the server has died with it, and another one answers
    assert ask_until_replaced(outputs["Url"], before)["password"] == "hidden"
    end_of_process(int(str(before["pid"])))


def test_a_killed_task_is_replaced_behind_the_same_name(
    cloud: LocalCloud, new_assembly: NewAssembly, tmp_path: Path
) -> None:
    # Given a service that wants a port which is taken on this machine
    assembly = new_assembly()
    taken = int(cloud.admin.url.rpartition(":")[2])
    add_service(assembly, tmp_path / "image", taken)
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)

    # When its process is killed
    before = ask(outputs["Url"])
    (pid,) = [each.pid for each in cloud.processes.running() if each.name == outputs["Name"]]
    assert pid == before["pid"]
    os.kill(pid, signal.SIGKILL)
    after = ask_until_replaced(outputs["Url"], before)

    # Then another one answers, with the same environment
    assert before["password"] == "hidden"
    assert {**after, "pid": 0} == {**before, "pid": 0}
    named = [each for each in cloud.describe()["services"] if each["name"] == outputs["Name"]]
    assert named == [{"name": outputs["Name"], "tasks": 1, "desired_tasks": 3}]


@pytest.mark.parametrize(
    "instruction", ["ADD https://host/x /x", "COPY --from=build /a /b", "VOLUME /data"]
)
def test_an_image_that_must_be_built_is_refused(tmp_path: Path, instruction: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM python\n{instruction}\n")

    with pytest.raises(UnsupportedImageError):
        read_image(tmp_path)


def test_a_program_that_is_not_installed_is_named(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM x\nCMD ["no-such-program"]\n')

    image = read_image(tmp_path)

    with pytest.raises(UnsupportedImageError, match="no-such-program"):
        translate_command(image, image.command)
