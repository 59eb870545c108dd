"""AWS::StepFunctions::StateMachine: the template's definition, resolved and otherwise unchanged."""

import json
import re
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register

_MAX_NAME_LENGTH = 80
_STATE_MACHINE = Properties(
    reads={
        "Definition",
        "DefinitionS3Location",
        "DefinitionString",
        "DefinitionSubstitutions",
        "RoleArn",
        "StateMachineName",
        "StateMachineType",
        "Tags",
    },
    ignores={"EncryptionConfiguration", "LoggingConfiguration", "TracingConfiguration"},
)


def resolve_definition(properties: dict[str, Any], region: str | None = None) -> str:
    """Return the Amazon States Language text that CloudFormation would submit.

    Parameters
    ----------
    properties
        The resource's properties: one of `DefinitionString`, `Definition` or
        `DefinitionS3Location`, and perhaps `DefinitionSubstitutions`.

    >>> resolve_definition({"DefinitionString": '{"a": "${B}"}',
    ...                     "DefinitionSubstitutions": {"B": "b"}})
    '{"a": "b"}'
    """
    if "DefinitionString" in properties:
        definition = properties["DefinitionString"]
    elif "Definition" in properties:
        definition = json.dumps(properties["Definition"])
    else:
        place = properties["DefinitionS3Location"]
        version = {"VersionId": place["Version"]} if "Version" in place else {}
        stored = client("s3", region).get_object(
            Bucket=place["Bucket"], Key=place["Key"], **version
        )
        definition = stored["Body"].read().decode()
    substitutions = properties.get("DefinitionSubstitutions", {})

    def substitute(match: re.Match[str]) -> str:
        return str(substitutions.get(match[1], match[0]))

    return re.sub(r"\$\{(\w+)\}", substitute, definition)


def _create(request: CreateRequest) -> Created:
    properties = request.properties
    name = properties.get("StateMachineName") or request.physical_name[-_MAX_NAME_LENGTH:]
    tags = [{"key": tag["Key"], "value": tag["Value"]} for tag in properties.get("Tags", [])]
    answer = client("stepfunctions", request.region).create_state_machine(
        name=name,
        definition=resolve_definition(properties, request.region),
        roleArn=properties["RoleArn"],
        type=properties.get("StateMachineType", "STANDARD"),
        tags=tags,
    )
    arn = answer["stateMachineArn"]
    return Created(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": "INITIAL"})


def _delete(created: Created, region: str) -> None:
    client("stepfunctions", region).delete_state_machine(stateMachineArn=created.physical_id)


def install() -> None:
    """Register the provider."""
    register(
        Provider("AWS::StepFunctions::StateMachine", _create, _delete, properties=_STATE_MACHINE)
    )
