"""`.sync` tasks wake when something ends instead of polling twice a second.

moto's loop sleeps half a second between looks; here its sleep ends as soon as any training job or
execution has ended.
"""

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication

from local_cloud.bell import job_ended
from local_cloud.patching import replace


def install() -> None:
    """Let the loop sleep on the bell, and executions ring it when they end."""
    replace(state_task_service_callback, "time", job_ended)
    terminated = BaseExecutionWorkerCommunication.terminated

    def ring_when_terminated(self: BaseExecutionWorkerCommunication) -> None:
        try:
            terminated(self)
        finally:
            job_ended.ring()

    replace(BaseExecutionWorkerCommunication, "terminated", ring_when_terminated)
