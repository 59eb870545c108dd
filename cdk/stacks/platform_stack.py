"""What every stack of the platform has in common."""

from aws_cdk import Environment as Target
from aws_cdk import Stack
from constructs import Construct

from cdk.environments import Environment


class PlatformStack(Stack):
    """A stack in its environment's region, whose tags CloudFormation gives to its resources."""

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(
            scope,
            construct_id,
            # The account is the one whose credentials deploy, so templates name none.
            env=Target(region=environment.region),
            tags={"platform": "selfmonitor-mlops", "environment": environment.name},
        )
