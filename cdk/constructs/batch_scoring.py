"""Score files of rows in S3 with what serves."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.batch_functions import BatchFunctions
from cdk.constructs.function_step import function_step
from cdk.constructs.layer_set import LayerSet
from cdk.constructs.logged_machine import LoggedMachine
from cdk.constructs.outcomes_end import FAILED, SUCCEEDED, outcomes_end
from cdk.constructs.python_function import PythonFunction
from cdk.constructs.workflow_endings import references
from cdk.environments import Environment
from cdk.stacks.storage import Storage
from mlops_platform.errors import BatchScoringError

# How many objects are scored at once.
_AT_ONCE = 5


class BatchScoring(Construct):
    """A state machine that scores every object below a prefix of the data bucket.

    Its input is ``{"model_name", "input_uri"}``. Functions of its own do the work, so that bulk
    takes nothing from the capacity of those who wait. An object that fails keeps no other from
    being scored; the execution fails at its end when any did, and names them.

    Attributes
    ----------
    machine : LoggedMachine
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: LayerSet,
        storage: Storage,
    ) -> None:
        super().__init__(scope, construct_id)
        functions = BatchFunctions(
            self, "Functions", environment=environment, layers=layers, storage=storage
        )
        self.machine = LoggedMachine(
            self,
            "Machine",
            environment=environment,
            definition=self._definition(functions),
            timeout=Duration.hours(12),
        )

    def _definition(self, functions: BatchFunctions) -> sfn.IChainable:
        plan = function_step(
            self,
            "PlanBatch",
            functions.plan_batch,
            references(
                {
                    "model_name": "$.model_name",
                    "input_uri": "$.input_uri",
                    "execution_name": "$$.Execution.Name",
                }
            ),
            "$.plan",
        )
        nothing = sfn.Fail(
            self, "NothingPlanned", error_path="$.error.Error", cause_path="$.error.Cause"
        )
        plan.add_catch(nothing, result_path="$.error")
        every = sfn.Map(
            self,
            "EveryObject",
            items_path="$.plan.objects",
            item_selector={
                "model_name": sfn.JsonPath.string_at("$.model_name"),
                "object": sfn.JsonPath.object_at("$$.Map.Item.Value"),
            },
            max_concurrency=_AT_ONCE,
            result_path="$.scored",
        )
        every.item_processor(self._score_one(functions.score_object))
        end = outcomes_end(
            self,
            "$.scored",
            summary={"output_uri": "$.plan.output_uri"},
            failed="SomeObjectFailed",
            error=BatchScoringError,
            succeeded="AllScored",
        )
        return plan.next(every).next(end)

    def _score_one(self, score_object: PythonFunction) -> sfn.IChainable:
        score = function_step(
            self,
            "ScoreObject",
            score_object,
            references(
                {
                    "model_name": "$.model_name",
                    "input_uri": "$.object.input_uri",
                    "output_uri": "$.object.output_uri",
                }
            ),
            "$.scores",
        )
        failed = self._outcome("ObjectFailed", FAILED, {"error": "$.error"})
        score.add_catch(failed, result_path="$.error")
        return score.next(self._outcome("ObjectScored", SUCCEEDED, {"scores": "$.scores"}))

    def _outcome(self, name: str, status: str, detail: dict[str, str]) -> sfn.Pass:
        parameters: dict[str, Any] = {
            "input_uri": sfn.JsonPath.string_at("$.object.input_uri"),
            "status": status,
        }
        for key, path in detail.items():
            parameters[key] = sfn.JsonPath.object_at(path)
        return sfn.Pass(self, name, parameters=parameters)
