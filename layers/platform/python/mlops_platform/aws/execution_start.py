"""Start a Step Functions execution once, however often that is asked for."""

import json
from typing import Any

from mlops_platform.aws.clients import client


def start_once(state_machine_arn: str, name: str, given: dict[str, Any]) -> str:
    """Start an execution, or find the one of that name; return its ARN.

    Parameters
    ----------
    state_machine_arn
        The state machine.
    name
        The execution's name, unique for its state machine.
    given
        Its JSON input; one that was started before keeps its own.
    """
    steps = client("stepfunctions")
    try:
        started = steps.start_execution(
            stateMachineArn=state_machine_arn, name=name, input=json.dumps(given)
        )
    except steps.exceptions.ExecutionAlreadyExists:
        machine = state_machine_arn.replace(":stateMachine:", ":execution:")
        started = steps.describe_execution(executionArn=f"{machine}:{name}")
    return str(started["executionArn"])
