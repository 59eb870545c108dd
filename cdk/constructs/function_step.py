"""A state that calls one of the platform's functions, and tries again what is worth it."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.python_function import PythonFunction
from cdk.constructs.retries import retry_function


def function_step(
    scope: Construct,
    name: str,
    function: PythonFunction,
    payload: Mapping[str, Any],
    result_path: str,
) -> tasks.LambdaInvoke:
    """Return a state of this name whose answer goes to `result_path`."""
    step = tasks.LambdaInvoke(
        scope,
        name,
        lambda_function=function,
        payload=sfn.TaskInput.from_object(dict(payload)),
        payload_response_only=True,
        result_path=result_path,
        # Replaced by rules that name more, and wait less.
        retry_on_service_exceptions=False,
    )
    retry_function(step)
    return step
