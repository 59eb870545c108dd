"""Turn on moto's executing Step Functions and mend it."""

import logging

from moto.core.config import default_user_config

from local_cloud.step_functions import (
    api_calls,
    bell,
    error_names,
    execution_names,
    jsonata,
    lambda_errors,
    provider,
    sagemaker,
    shape_names,
    stopped,
)

_MENDINGS = (
    error_names,
    lambda_errors,
    shape_names,
    jsonata,
    execution_names,
    bell,
    stopped,
    sagemaker,
    # Last: it replaces a name in every module that moto has loaded by then.
    api_calls,
    provider,
)
_installed: list[bool] = []


def install() -> None:
    """Apply every mending, once per Python process: they change moto's classes."""
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    if _installed:
        return
    # It logs every failed task as an error; failures are in the execution's history.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    for mending in _MENDINGS:
        mending.install()
    _installed.append(True)
