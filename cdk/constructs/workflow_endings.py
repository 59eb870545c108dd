"""How a training workflow ends, and how people hear of it."""

from collections.abc import Mapping

from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.retries import retry_service


class WorkflowEndings(Construct):
    """The three ends of a workflow, each told to people first.

    Parameters
    ----------
    topic
        Where people are told.

    Attributes
    ----------
    failed, rejected, succeeded : sfn.IChainable
        Something broke (``$.error``); the gate said no; a version was registered, and released
        where the gate is automatic.
    """

    def __init__(self, scope: Construct, construct_id: str, *, topic: sns.ITopic) -> None:
        super().__init__(scope, construct_id)
        self._topic = topic
        self.failed = self._tell(
            "NotifyFailed",
            "failed",
            {"error": "$.error.Error", "cause": "$.error.Cause"},
            sfn.Fail(self, "Failed", error_path="$.error.Error", cause_path="$.error.Cause"),
        )
        self.rejected = self._tell(
            "NotifyRejected",
            "rejected",
            {"summary": "$.evaluation.summary"},
            sfn.Succeed(self, "Rejected"),
        )
        self.succeeded = self._tell(
            "NotifySucceeded",
            "registered",
            {
                "version": "$.registration.semantic_version",
                "gate": "$.evaluation.gate",
                "summary": "$.evaluation.summary",
            },
            sfn.Succeed(self, "Succeeded"),
        )

    def grant_tell(self, workflow: sfn.StateMachine) -> None:
        """Let a state machine publish to the topic, and use the key that encrypts it.

        CDK's own task allows the first alone.
        """
        self._topic.grant_publish(workflow)

    def _tell(
        self, name: str, outcome: str, detail: Mapping[str, str], end: sfn.State
    ) -> sfn.IChainable:
        """Tell people, then end; the end is the same when they cannot be told."""
        common = {"model_name": "$.model_name", "execution": "$$.Execution.Id"}
        notify = tasks.SnsPublish(
            self,
            name,
            topic=self._topic,
            subject=f"Training {outcome}",
            message=sfn.TaskInput.from_object(
                {"outcome": outcome, **references(common), **references(detail)}
            ),
            result_path=sfn.JsonPath.DISCARD,
        )
        retry_service(notify, "sns")
        notify.add_catch(end, result_path="$.notification_error")
        return notify.next(end)


def references(paths: Mapping[str, str]) -> dict[str, str]:
    """Return a payload whose values are taken from these paths of the state's input."""
    return {name: sfn.JsonPath.string_at(path) for name, path in paths.items()}
