"""A function's environment variables, as Lambda defines them."""

import os
import secrets
from pathlib import Path

from local_cloud.functions.configuration import FunctionConfiguration


def build_environment(
    configuration: FunctionConfiguration, task_root: Path, endpoint: dict[str, str]
) -> dict[str, str]:
    """Return the variables of an environment, and nothing of the laptop's.

    Parameters
    ----------
    endpoint
        The variables that lead AWS calls to this cloud.
    """
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        **endpoint,
        "AWS_ACCESS_KEY_ID": f"ASIA{secrets.token_hex(8).upper()}",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20),
        "AWS_SESSION_TOKEN": secrets.token_hex(32),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{configuration.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
        "AWS_LAMBDA_FUNCTION_VERSION": configuration.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
        "AWS_LAMBDA_LOG_FORMAT": configuration.log_format,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(task_root),
        "_HANDLER": configuration.handler,
        **dict(configuration.environment),
    }
