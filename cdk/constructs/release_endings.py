"""How a release ends, and how the rest of the platform hears of it."""

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.function_step import function_step
from cdk.constructs.python_function import PythonFunction
from cdk.constructs.retries import retry_service
from cdk.constructs.workflow_endings import references

_EVENT_SOURCE = "selfmonitor.releases"


class ReleaseEndings(Construct):
    """The two ends of a release, each told on the bus first.

    Parameters
    ----------
    bus
        Where it is told.
    roll_back
        Takes back what a failed release changed.

    Attributes
    ----------
    released, failed : sfn.IChainable
        A version serves; something broke (``$.error``) and was taken back.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus: events.IEventBus,
        roll_back: PythonFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._bus = bus
        self.released = self._tell(
            "NotifyReleased",
            "Model Released",
            {
                "version": "$.release.version",
                "semantic_version": "$.release.semantic_version",
                "revision": "$.release.revision",
            },
            sfn.Succeed(self, "Released"),
        )
        self.failed = self._take_back(roll_back)

    def _take_back(self, function: PythonFunction) -> sfn.IChainable:
        told = self._tell(
            "NotifyFailed",
            "Release Failed",
            {"version": "$.version", "error": "$.error.Error", "reason": "$.error.Cause"},
            sfn.Fail(self, "Failed", error_path="$.error.Error", cause_path="$.error.Cause"),
        )
        payload = {
            "model_name": "$.model_name",
            "version": "$.version",
            "execution": "$$.Execution.Id",
            "error": "$.error",
        }
        roll_back = function_step(self, "RollBack", function, references(payload), "$.rollback")
        roll_back.add_catch(told, result_path="$.rollback_error")
        return roll_back.next(told)

    def _tell(
        self, name: str, kind: str, detail: Mapping[str, str], end: sfn.State
    ) -> sfn.IChainable:
        """Put the end on the bus; it is the same when nobody can be told."""
        common = {
            "model_name": "$.model_name",
            "cause": "$.cause",
            "requested_by": "$.requested_by",
            "execution": "$$.Execution.Id",
        }
        notify = tasks.EventBridgePutEvents(
            self,
            name,
            entries=[
                tasks.EventBridgePutEventsEntry(
                    event_bus=self._bus,
                    source=_EVENT_SOURCE,
                    detail_type=kind,
                    detail=sfn.TaskInput.from_object({**references(common), **references(detail)}),
                )
            ],
            result_path=sfn.JsonPath.DISCARD,
        )
        retry_service(notify, "events")
        notify.add_catch(end, result_path="$.notification_error")
        return notify.next(end)
