"""A value that clients find by the platform's SSM path."""

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk.environments import Environment
from mlops_platform.config.platform_config import parameter_prefix


class PublishedValue(Construct):
    """One SSM parameter below the environment's path; the only physical names there are.

    Parameters
    ----------
    key
        The part after the environment's prefix, e.g. ``api_url``.
    value
        What clients read there; never a secret.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, key: str, value: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.parameter = ssm.StringParameter(
            self,
            "Parameter",
            parameter_name=f"{parameter_prefix(environment.name)}/{key}",
            string_value=value,
        )
