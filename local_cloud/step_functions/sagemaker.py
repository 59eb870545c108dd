"""The SageMaker integration: `createTrainingJob` and `createHyperParameterTuningJob`, or `.sync`.

moto refuses SageMaker tasks; this is the integration its Glue class is the model of.
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ResourceCondition,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local_cloud.clients import client
from local_cloud.patching import replace
from local_cloud.step_functions.shape_names import to_json_values

_ENDED_WELL = {"Completed"}
_ENDED_BADLY = {"Failed", "Stopped"}
# By action: what kind of job it creates, as it stands in the names of operations and fields.
_KINDS = {
    "create_training_job": ("training_job", "TrainingJob"),
    "create_hyper_parameter_tuning_job": (
        "hyper_parameter_tuning_job",
        "HyperParameterTuningJob",
    ),
}


class SageMakerTask(StateTaskServiceCallback):
    """A Task state whose resource is `arn:aws:states:::sagemaker:create<kind of job>[.sync]`."""

    def __init__(self) -> None:
        # moto's waiting code needs the token's endpoint even for `.sync`, hence both patterns.
        patterns: Any = {ResourceCondition.Sync, ResourceCondition.WaitForTaskToken}
        super().__init__(patterns)

    def _validate_service_integration_is_supported(self) -> None:
        if self._get_boto_service_action() not in _KINDS:
            raise ValueError(
                f"The local cloud runs SageMaker's createTrainingJob and "
                f"createHyperParameterTuningJob only, not {self.resource.resource_arn}."
            )

    def _eval_service_task(
        self,
        env: Environment,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        del state_credentials
        sagemaker = client("sagemaker", resource_runtime_part.region)
        operation, field = _KINDS[self._get_boto_service_action()]
        answer = getattr(sagemaker, f"create_{operation}")(**normalised_parameters)
        env.stack.append({f"{field}Arn": answer[f"{field}Arn"]})

    def _build_sync_resolver(
        self,
        env: Environment,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> Callable[[], dict[str, Any] | None]:
        del state_credentials
        env.stack.pop()
        sagemaker = client("sagemaker", resource_runtime_part.region)
        operation, field = _KINDS[self._get_boto_service_action()]
        name = {f"{field}Name": normalised_parameters[f"{field}Name"]}

        def resolve() -> dict[str, Any] | None:
            answer = getattr(sagemaker, f"describe_{operation}")(**name)
            answer.pop("ResponseMetadata")
            job: dict[str, Any] = to_json_values(answer, iso_times=False)
            status = job[f"{field}Status"]
            if status in _ENDED_BADLY:
                raise FailureEventException(
                    self._failure(env, "States.TaskFailed", to_json_str(job))
                )
            return job if status in _ENDED_WELL else None

        def stop() -> None:
            getattr(sagemaker, f"stop_{operation}")(**name)

        self._stop_job = stop
        return resolve

    def _eval_sync(self, env: Environment, *positional: Any, **named: Any) -> Any:
        outcome = super()._eval_sync(env, *positional, **named)
        if not env.is_running():
            # The execution was stopped or timed out: AWS stops the job it started.
            self._stop_job()
        return outcome

    def _from_error(self, env: Environment, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        error = ex.response["Error"]
        return self._failure(env, f"SageMaker.{_exception_name(error['Code'])}", error["Message"])

    def _failure(self, env: Environment, error: str, cause: str) -> FailureEvent:
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            error=error,
            cause=cause,
        )
        event_details: Any = {"taskFailedEventDetails": details}
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(error),
            event_type=HistoryEventType.TaskFailed,
            event_details=event_details,
        )


def _exception_name(code: str) -> str:
    if code == "ValidationException":
        return "AmazonSageMakerException"
    return code if code.endswith("Exception") else f"{code}Exception"


def install() -> None:
    """Answer for `sagemaker` where moto chooses a task's class."""

    def state_task_service_for(service_name: str) -> Any:
        return SageMakerTask() if service_name == "sagemaker" else original(service_name)

    original = replace(state_task_factory, "state_task_service_for", state_task_service_for)
