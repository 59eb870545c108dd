"""Parameters and results of service tasks are spelled as Step Functions spells them.

State machines write `PascalCase` whatever the API's own spelling; moto has the renaming code but
leaves its two hooks empty. botocore knows the shapes.
"""

import datetime as dt
import functools
from typing import Any

import botocore.session
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (  # noqa: E501
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (  # noqa: E501
    StateTaskServiceAwsSdk,
)

from local_cloud.patching import replace


@functools.cache
def _operation_model(service: str, action: str) -> Any:
    model = botocore.session.get_session().get_service_model(service)
    wanted = action.replace("_", "").lower()
    name = next(name for name in model.operation_names if name.lower() == wanted)
    return model.operation_model(name)


def _model_of(task: StateTaskService, service: str | None, action: str | None) -> Any:
    return _operation_model(
        task._get_boto_service_name(service), action or task._get_boto_service_action()
    )


def to_json_values(value: Any, *, iso_times: bool) -> Any:
    """Return `value` with times and bytes as JSON can carry them.

    Parameters
    ----------
    value
        A boto3 answer.
    iso_times
        True as the AWS SDK integrations do (`2026-03-01T00:00:00.000Z`); False for milliseconds
        since the epoch, as the optimised integrations do.

    >>> to_json_values({"at": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}, iso_times=False)
    {'at': 0}
    """
    if isinstance(value, dict):
        return {key: to_json_values(each, iso_times=iso_times) for key, each in value.items()}
    if isinstance(value, list):
        return [to_json_values(each, iso_times=iso_times) for each in value]
    if isinstance(value, dt.datetime):
        if not iso_times:
            return int(value.timestamp() * 1000)
        utc = value.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        return utc.replace("+00:00", "Z")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _normalise_parameters(
    self: StateTaskService,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    shape = _model_of(self, boto_service_name, service_action_name).input_shape
    if shape is not None:
        self._to_boto_request(parameters, shape)


def _normalise_response(
    self: StateTaskService,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    if not isinstance(response, dict):
        return
    shape = _model_of(self, boto_service_name, service_action_name).output_shape
    if shape is not None:
        self._from_boto_response(response, shape)
    iso_times = isinstance(self, StateTaskServiceAwsSdk)
    plain = to_json_values(response, iso_times=iso_times)
    response.clear()
    response.update(plain)


def install() -> None:
    """Fill moto's two empty hooks."""
    replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
    replace(StateTaskService, "_normalise_response", _normalise_response)
