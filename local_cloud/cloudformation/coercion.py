"""Turn CloudFormation properties into the parameters of a botocore operation, by its shape."""

import json
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local_cloud.cloudformation.registry import UnreadPropertyError


def coerce(value: Any, shape: Shape) -> Any:
    """Convert `value` to what `shape` accepts.

    Templates spell members with a capital, write numbers as strings and documents as objects;
    botocore wants the service's own spelling and types.

    Raises
    ------
    UnreadPropertyError
        For a member that the operation lacks.
    """
    if isinstance(shape, StructureShape):
        return _coerce_structure(value, shape)
    if isinstance(shape, ListShape):
        items = value if isinstance(value, list) else [value]
        return [coerce(item, shape.member) for item in items]
    if isinstance(shape, MapShape):
        if isinstance(value, list):  # tags: templates list them, some services map them
            value = {tag["Key"]: tag["Value"] for tag in value}
        return {key: coerce(item, shape.value) for key, item in value.items()}
    return _coerce_scalar(value, shape.type_name)


def _coerce_structure(value: Any, shape: StructureShape) -> Any:
    if not isinstance(value, dict):
        return value
    members = {name.lower(): (name, member) for name, member in shape.members.items()}
    if unknown := sorted(key for key in value if key.lower() not in members):
        raise UnreadPropertyError(
            f"{shape.name} has no {', '.join(unknown)}. Let the provider translate or ignore it."
        )
    found = ((members[key.lower()], item) for key, item in value.items())
    return {name: coerce(item, member) for (name, member), item in found}


def _coerce_scalar(value: Any, type_name: str) -> Any:
    if type_name in {"integer", "long"}:
        return int(value)
    if type_name in {"float", "double"}:
        return float(value)
    if type_name == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if type_name == "string":
        return spell_string(value)
    return value


def spell_string(value: Any) -> str:
    """Spell a value as services want it in a string: documents as JSON, booleans in lower case."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
