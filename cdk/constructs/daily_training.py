"""Every night, each model is offered what the day brought."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.execution_start import RUN_AND_WAIT, grant_run
from cdk.constructs.logged_machine import LoggedMachine
from cdk.constructs.outcomes_end import FAILED, SUCCEEDED, outcomes_end
from cdk.environments import Environment
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.errors import TrainingFailedError

# Nights end before people's mornings in all of Europe, and the day's data has arrived.
_SCHEDULE = {"minute": "0", "hour": "2"}
# The same model, day and cause give the same name, so an event that comes twice trains once.
_EXECUTION_NAME = (
    "States.Format('{}-{}-{}', $.model.model_name, "
    "States.ArrayGetItem(States.StringSplit($.as_of, 'T'), 0), $.cause)"
)
_ALREADY_STARTED = "StepFunctions.ExecutionAlreadyExistsException"


class DailyTraining(Construct):
    """A state machine that starts every model's workflow, and the rule that starts it daily.

    Its input is ``{"as_of", "cause"}``; the rule takes ``as_of`` from the event's time. One
    model's failure stops no other; the execution fails at its end when any model failed.

    Parameters
    ----------
    workflows
        Each model with its training workflow.

    Attributes
    ----------
    machine : LoggedMachine
    rule : events.Rule
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        workflows: Sequence[tuple[ModelConfig, sfn.StateMachine]],
    ) -> None:
        super().__init__(scope, construct_id)
        self.machine = LoggedMachine(
            self,
            "Machine",
            environment=environment,
            definition=self._definition(workflows),
            timeout=Duration.hours(12),
        )
        grant_run(self.machine, [machine for _, machine in workflows])
        self.rule = events.Rule(
            self,
            "Daily",
            description="Offer every model the day's data",
            schedule=events.Schedule.cron(**_SCHEDULE),
            targets=[
                targets.SfnStateMachine(
                    self.machine,
                    input=events.RuleTargetInput.from_object(
                        {"as_of": events.EventField.time, "cause": "schedule"}
                    ),
                )
            ],
        )

    def _definition(
        self, workflows: Sequence[tuple[ModelConfig, sfn.StateMachine]]
    ) -> sfn.IChainable:
        models = sfn.Pass(
            self,
            "ListModels",
            result=sfn.Result.from_array(
                [
                    {"model_name": model.name, "state_machine_arn": machine.state_machine_arn}
                    for model, machine in workflows
                ]
            ),
            result_path="$.models",
        )
        every = sfn.Map(
            self,
            "EveryModel",
            items_path="$.models",
            item_selector={
                "model": sfn.JsonPath.object_at("$$.Map.Item.Value"),
                "as_of": sfn.JsonPath.string_at("$.as_of"),
                "cause": sfn.JsonPath.string_at("$.cause"),
            },
            result_path="$.outcomes",
        )
        every.item_processor(self._train_one())
        end = outcomes_end(
            self,
            "$.outcomes",
            summary={},
            failed="SomeModelFailed",
            error=TrainingFailedError,
            succeeded="AllDone",
        )
        return models.next(every).next(end)

    def _train_one(self) -> sfn.IChainable:
        start = sfn.CustomState(self, "TrainModel", state_json=_START_EXECUTION)
        start.add_retry(
            errors=["StepFunctions.AWSStepFunctionsException"], interval=Duration.seconds(2)
        )
        start.add_catch(
            self._outcome("AlreadyStarted", "ALREADY_STARTED"),
            errors=[_ALREADY_STARTED],
            result_path="$.error",
        )
        start.add_catch(
            self._outcome("ModelFailed", FAILED), errors=["States.ALL"], result_path="$.error"
        )
        return start.next(self._outcome("ModelSucceeded", SUCCEEDED))

    def _outcome(self, name: str, status: str) -> sfn.Pass:
        return sfn.Pass(
            self,
            name,
            parameters={
                "model_name": sfn.JsonPath.string_at("$.model.model_name"),
                "status": status,
            },
        )


_START_EXECUTION: dict[str, Any] = {
    "Type": "Task",
    "Resource": RUN_AND_WAIT,
    "Parameters": {
        "StateMachineArn.$": "$.model.state_machine_arn",
        "Name.$": _EXECUTION_NAME,
        "Input": {
            "model_name.$": "$.model.model_name",
            "as_of.$": "$.as_of",
            "cause.$": "$.cause",
            "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id",
        },
    },
    "ResultPath": "$.execution",
}
