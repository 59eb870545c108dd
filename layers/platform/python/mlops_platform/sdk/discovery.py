"""Find the deployed platform: what its templates published, in SSM parameters."""

import functools

from botocore.exceptions import BotoCoreError, ClientError

from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import PlatformNotFoundError


def tracking_uri(config: MLOpsConfig) -> str:
    """Return MLflow's address: given by the configuration, or as the templates published it.

    Raises
    ------
    PlatformNotFoundError
        It is not given, and the environment is not deployed where the AWS variables point.
    """
    return config.mlflow_tracking_uri or discover(config, "tracking_uri")


@functools.cache
def discover(config: MLOpsConfig, key: str) -> str:
    """Return one published value, e.g. ``discover(config, "routing_table")``.

    Parameters
    ----------
    config
        The environment to look in.
    key
        The parameter's path below the environment's prefix.

    Raises
    ------
    PlatformNotFoundError
        The environment is not deployed where the AWS variables point, or AWS cannot be reached.
    """
    name = f"{config.parameter_prefix}/{key}"
    try:
        answer = client("ssm").get_parameter(Name=name)
    except (BotoCoreError, ClientError) as error:
        raise PlatformNotFoundError(
            f"Cannot read {name}: {error}. Is the platform deployed there? For the local cloud run "
            "`make up` and `source .local/environment`; for AWS set AWS_PROFILE and "
            "SELFMONITOR_ENVIRONMENT."
        ) from error
    return str(answer["Parameter"]["Value"])
