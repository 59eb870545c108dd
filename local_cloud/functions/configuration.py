"""What an invocation needs to know of a function, and what tells environments apart."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class FunctionConfiguration:
    """One function version's configuration. Equal configurations may share warm environments."""

    arn: str
    name: str
    version: str
    account_id: str
    region: str
    handler: str
    runtime: str
    timeout_seconds: int
    memory_mb: int
    log_group: str
    log_format: str
    code_sha256: str
    layers: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]


def configuration_of(function: Any) -> FunctionConfiguration:
    """Read moto's `LambdaFunction`."""
    variables = function.environment_vars or {}
    return FunctionConfiguration(
        arn=function.function_arn,
        name=function.function_name,
        version=str(function.version),
        account_id=function.account_id,
        region=function.region,
        handler=function.handler,
        runtime=function.run_time,
        timeout_seconds=int(function.timeout),
        memory_mb=int(function.memory_size),
        log_group=function.logs_group_name,
        log_format=getattr(function, "logging_config", {}).get("LogFormat", "Text"),
        code_sha256=function.code_sha_256,
        layers=tuple(layer["Arn"] for layer in function.layers),
        environment=tuple(sorted((key, str(value)) for key, value in variables.items())),
    )
