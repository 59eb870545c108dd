"""`{{resolve:…}}` in property values: Systems Manager parameters and secrets."""

import json
import re
from typing import Any

from local_cloud.clients import client

_REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


def resolve_dynamic_references(value: Any) -> Any:
    """Return `value` with every dynamic reference replaced by what it points to."""
    if isinstance(value, dict):
        return {key: resolve_dynamic_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_dynamic_references(item) for item in value]
    if isinstance(value, str):
        return _REFERENCE.sub(_look_up, value)
    return value


def _look_up(match: re.Match[str]) -> str:
    kind, reference = match.groups()
    if kind == "secretsmanager":
        return _read_secret(reference)
    name = re.sub(r":\d+$", "", reference)
    answer = client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


def _read_secret(reference: str) -> str:
    """Read `<id or arn>:SecretString:<json key>:<stage>:<version>`."""
    secret_id, _, selection = reference.partition(":SecretString")
    text = str(client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    key = selection.lstrip(":").split(":")[0]
    return str(json.loads(text)[key]) if key else text
