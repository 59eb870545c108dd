"""The state of a training workflow that releases what was registered, and waits for the end."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.execution_start import RUN_AND_WAIT, grant_run

_REQUESTED_BY = "training pipeline"
# How a task says that the execution which it waited for did not succeed.
_EXECUTION_FAILED = "States.TaskFailed"


class ReleaseStart(Construct):
    """Runs the release workflow under the execution's own name: once, however often it is tried.

    A release that fails fails the training with the release's own error.

    Parameters
    ----------
    release
        The release workflow.
    failed
        Where an error in ``$.error`` leads.

    Attributes
    ----------
    state : sfn.CustomState
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        release: sfn.IStateMachine,
        failed: sfn.IChainable,
    ) -> None:
        super().__init__(scope, construct_id)
        self._machine = release
        self.state = sfn.CustomState(
            scope,
            "Release",
            state_json={
                "Type": "Task",
                "Resource": RUN_AND_WAIT,
                "Parameters": {
                    "StateMachineArn": release.state_machine_arn,
                    "Name.$": "$$.Execution.Name",
                    "Input": _INPUT,
                },
                "ResultSelector": {
                    "execution_arn.$": "$.ExecutionArn",
                    "revision.$": "$.Output.release.revision",
                },
                "ResultPath": "$.release",
            },
        )
        self.state.add_retry(
            errors=["StepFunctions.AWSStepFunctionsException"], interval=Duration.seconds(2)
        )
        self.state.add_catch(self._explain(failed), result_path="$.error")

    def grant_run(self, workflow: sfn.StateMachine) -> None:
        """Let a state machine run releases and wait for them."""
        grant_run(workflow, [self._machine])

    def _explain(self, failed: sfn.IChainable) -> sfn.IChainable:
        """Put the release's own error in the place of "an execution failed"."""
        read = sfn.Pass(
            self,
            "ReadRelease",
            parameters={
                "Error": sfn.JsonPath.string_at("$.error.Error"),
                "Cause": sfn.JsonPath.string_at("$.error.Cause"),
                "release": sfn.JsonPath.string_to_json(sfn.JsonPath.string_at("$.error.Cause")),
            },
            result_path="$.error",
        )
        take_over = sfn.Pass(
            self,
            "TakeOverError",
            parameters={
                "Error": sfn.JsonPath.string_at("$.error.release.Error"),
                "Cause": sfn.JsonPath.string_at("$.error.release.Cause"),
            },
            result_path="$.error",
        )
        # An execution that was stopped by hand has no error of its own.
        has_error = sfn.Choice(self, "ReleaseSaidWhy").when(
            sfn.Condition.is_present("$.error.release.Error"), take_over.next(failed)
        )
        ended = sfn.Choice(self, "ReleaseEnded").when(
            sfn.Condition.string_equals("$.error.Error", _EXECUTION_FAILED),
            read.next(has_error.otherwise(failed)),
        )
        return ended.otherwise(failed)


_INPUT = {
    "model_name.$": "$.model_name",
    "version.$": "$.registration.version",
    "comparison": {"champion.$": "$.data.champion"},
    "cause.$": "$.cause",
    "requested_by": _REQUESTED_BY,
    "evidence": {
        "summary.$": "$.evaluation.summary",
        "checks.$": "$.evaluation.checks",
        "metrics.$": "$.evaluation.metrics",
    },
    "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id",
}
