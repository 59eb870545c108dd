"""One container of a task definition, as a process to start: command, environment, port."""

import dataclasses
import json
import re
from typing import Any

from local_cloud import containers
from local_cloud.clients import client
from local_cloud.images import Image, UnsupportedImageError
from local_cloud.workloads.ports import LOOPBACK, free_port

_ANY_ADDRESS = "0.0.0.0"


@dataclasses.dataclass(frozen=True)
class ContainerProcess:
    """What to start for a container.

    Attributes
    ----------
    name
        The container's name.
    command, environment, directory
        Of the process.
    ports
        The port on this machine for each container port.
    log_group, log_stream_prefix
        Of the awslogs driver; None where output is not kept.
    """

    name: str
    image: Image
    command: list[str]
    environment: dict[str, str]
    ports: dict[int, int]
    log_group: str | None
    log_stream_prefix: str


def plan(
    definition: dict[str, Any], image: Image, credentials: dict[str, str], region: str
) -> ContainerProcess:
    """Plan a container definition, as DescribeTaskDefinition answers it.

    A free port of this machine replaces its port where that stands as an argument of its own,
    after `=` or `:`, or as a variable's value: its own port may be another cloud's, now or later.
    A container that listens on all addresses listens on the loopback address here: a laptop is
    not a private subnet.

    Raises
    ------
    UnsupportedImageError
        When a port stands nowhere.
    """
    entrypoint = definition.get("entryPoint") or image.entrypoint
    command = [*entrypoint, *(definition.get("command") or image.command)]
    given = {each["name"]: each["value"] for each in definition.get("environment", [])}
    environment = {**image.environment, **given}
    ports = {}
    for mapping in definition.get("portMappings", []):
        wanted = mapping["containerPort"]
        ports[wanted] = free_port()
        command, environment = _move(image, wanted, ports[wanted], command, environment)
    moved_image = dataclasses.replace(image, environment=environment)
    options = definition.get("logConfiguration", {}).get("options", {})
    return ContainerProcess(
        name=definition["name"],
        image=image,
        command=[
            word.replace(_ANY_ADDRESS, LOOPBACK)
            for word in containers.translate_command(image, command)
        ],
        environment={
            **containers.base_environment(moved_image),
            **credentials,
            **_secrets(definition.get("secrets", []), region),
        },
        ports=ports,
        log_group=options.get("awslogs-group"),
        log_stream_prefix=options.get("awslogs-stream-prefix", "ecs"),
    )


def _move(
    image: Image, old: int, new: int, command: list[str], environment: dict[str, str]
) -> tuple[list[str], dict[str, str]]:
    place = re.compile(rf"(?:^|(?<=[=:])){old}$")
    moved_command = [place.sub(str(new), word) for word in command]
    moved_environment = {name: place.sub(str(new), text) for name, text in environment.items()}
    if moved_command == command and moved_environment == environment:
        raise UnsupportedImageError(
            f"{image.directory}: the local cloud gives every container a port of its own, and "
            f"neither the command nor the environment names port {old}. Name it in one of them."
        )
    return moved_command, moved_environment


def _secrets(secrets: list[dict[str, str]], region: str) -> dict[str, str]:
    return {each["name"]: read_secret(each["valueFrom"], region) for each in secrets}


def read_secret(reference: str, region: str) -> str:
    """Return the value of a `valueFrom`: a secret, a field of one (`ARN:key::`), or a parameter."""
    if ":ssm:" in reference or not reference.startswith("arn:"):
        name = reference.rsplit(":parameter", maxsplit=1)[-1]
        answer = client("ssm", region).get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])
    parts = reference.split(":")
    key, stage, version = [*parts[7:], "", "", ""][:3]
    selection = {"VersionStage": stage} if stage else {}
    selection |= {"VersionId": version} if version else {}
    text: str = client("secretsmanager", region).get_secret_value(
        SecretId=":".join(parts[:7]), **selection
    )["SecretString"]
    return str(json.loads(text)[key]) if key else text
