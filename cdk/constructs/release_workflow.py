"""From a registered version to what serves: the state machine that every release goes through."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.function_step import function_step
from cdk.constructs.logged_machine import LoggedMachine
from cdk.constructs.python_function import PythonFunction
from cdk.constructs.release_endings import ReleaseEndings
from cdk.constructs.release_functions import ReleaseFunctions
from cdk.constructs.retries import retry_function
from cdk.constructs.workflow_endings import references
from cdk.environments import Environment
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.errors import (
    ModelNotFoundError,
    RoutingNotInEffectError,
    RoutingUnavailableError,
)

_MODEL = "$.model_name"
_PREDICT = "$.predict.function_arn"
# An execution environment looks for a new routing after 5 s, and loads its bundle then.
_CONFIRMATION_ATTEMPTS = 20


class ReleaseWorkflow(Construct):
    """Try the bundle, release it, see it in effect, let MLflow follow; or take all of it back.

    Its input is ``{"model_name", "version", "comparison", "cause", "requested_by", "evidence"}``,
    where ``comparison`` is null for a person's decision. Once the release is in effect, it stands
    even if MLflow is away: its stages follow later, by the scheduled reconciliation.

    Parameters
    ----------
    functions
        The steps between the states.
    predict
        Each model with the function that serves it.
    bus
        Where the end is told.

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
        functions: ReleaseFunctions,
        predict: Mapping[ModelConfig, lambda_.IFunction],
        bus: events.IEventBus,
    ) -> None:
        super().__init__(scope, construct_id)
        self._endings = ReleaseEndings(
            self, "Endings", bus=bus, roll_back=functions.roll_back_release
        )
        self.machine = LoggedMachine(
            self,
            "Machine",
            environment=environment,
            definition=self._definition(functions, predict),
            timeout=Duration.hours(1),
        )
        self.machine.add_to_role_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[function.function_arn for function in predict.values()],
            )
        )

    def _definition(
        self, functions: ReleaseFunctions, predict: Mapping[ModelConfig, lambda_.IFunction]
    ) -> sfn.IChainable:
        """Return the way of a good release; every step's failure leads to `RollBack`."""
        prepare = self._prepare(functions)
        steps = (self._check_bundle(), self._release(functions), self._confirm())
        end: sfn.IChainable = self._follow(functions)
        for step in reversed(steps):
            end = step.next(end)
        prepare.next(end)
        which = sfn.Choice(self, "WhichModel")
        for model, function in predict.items():
            served_by = sfn.Pass(
                self,
                f"ServedBy{model.construct_id}",
                parameters={"function_arn": function.function_arn},
                result_path="$.predict",
            )
            condition = sfn.Condition.string_equals(_MODEL, model.name)
            which.when(condition, served_by.next(prepare))
        unknown = sfn.Fail(
            self,
            "NoSuchModel",
            error=ModelNotFoundError.__name__,
            cause="No function serves a model of that name.",
        )
        return which.otherwise(unknown)

    def _prepare(self, functions: ReleaseFunctions) -> tasks.LambdaInvoke:
        payload = {"model_name": _MODEL, "version": "$.version", "comparison": "$.comparison"}
        function = functions.prepare_release
        return self._step("PrepareRelease", function, references(payload), "$.prepared")

    def _check_bundle(self) -> sfn.CustomState:
        """Ask the function that will serve the bundle to load it and answer its golden examples."""
        asked = {
            "bundle_uri.$": "$.prepared.bundle_uri",
            "bundle_sha256.$": "$.prepared.bundle_sha256",
        }
        answered = ("n_examples", "max_difference")
        return self._ask_predict("CheckBundle", {"check_bundle": asked}, answered, "$.check")

    def _release(self, functions: ReleaseFunctions) -> tasks.LambdaInvoke:
        payload = {
            "model_name": _MODEL,
            "prepared": "$.prepared",
            "execution": "$$.Execution.Id",
            "requested_by": "$.requested_by",
            "cause": "$.cause",
        }
        evidence = references({"decision": "$.evidence", "golden_examples": "$.check"})
        return self._step(
            "Release",
            functions.release_model,
            {**references(payload), "evidence": evidence},
            "$.release",
        )

    def _confirm(self) -> sfn.CustomState:
        """Ask until the function serves the new routing, or a later one."""
        question = {"confirm_revision": {"revision.$": "$.release.revision"}}
        confirm = self._ask_predict("Confirm", question, ("revision",), "$.confirmation")
        confirm.add_retry(
            errors=[RoutingNotInEffectError.__name__, RoutingUnavailableError.__name__],
            interval=Duration.seconds(1),
            backoff_rate=1,
            max_attempts=_CONFIRMATION_ATTEMPTS,
        )
        return confirm

    def _follow(self, functions: ReleaseFunctions) -> sfn.IChainable:
        """Move MLflow's stages, Production last; then tell."""
        models = {"model_names": sfn.JsonPath.array(sfn.JsonPath.string_at(_MODEL))}
        follow = function_step(self, "FollowStages", functions.follow_stages, models, "$.stages")
        # What serves is right; the scheduled reconciliation brings MLflow up to date.
        follow.add_catch(self._endings.released, result_path="$.stages_error")
        return follow.next(self._endings.released)

    def _step(
        self, name: str, function: PythonFunction, payload: Mapping[str, Any], result_path: str
    ) -> tasks.LambdaInvoke:
        step = function_step(self, name, function, payload, result_path)
        step.add_catch(self._endings.failed, result_path="$.error")
        return step

    def _ask_predict(
        self, name: str, question: Mapping[str, Any], answered: Sequence[str], result_path: str
    ) -> sfn.CustomState:
        """Invoke the function that serves the model, which the execution knows."""
        state = sfn.CustomState(
            self,
            name,
            state_json={
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName.$": _PREDICT, "Payload": question},
                "ResultSelector": {f"{field}.$": f"$.Payload.{field}" for field in answered},
                "ResultPath": result_path,
            },
        )
        retry_function(state)
        state.add_catch(self._endings.failed, result_path="$.error")
        return state
