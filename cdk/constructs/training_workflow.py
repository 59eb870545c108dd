"""From data to production: the state machine that every model goes through."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.function_step import function_step
from cdk.constructs.logged_machine import LoggedMachine
from cdk.constructs.pipeline_functions import PipelineFunctions
from cdk.constructs.python_function import PythonFunction
from cdk.constructs.release_start import ReleaseStart
from cdk.constructs.retries import retry_service
from cdk.constructs.training_job import TrainingJob
from cdk.constructs.tuning_job import TuningJob
from cdk.constructs.workflow_endings import WorkflowEndings, references
from cdk.environments import Environment
from cdk.errors import UnsupportedComputeError
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig

# Beside the training: the functions' time, and a release's.
_OTHER_STEPS = Duration.minutes(90)
_MODEL = "$.model_name"
_ARTIFACT = "$.training.ModelArtifacts.S3ModelArtifacts"
_EXECUTION = "$$.Execution.Name"
_THRESHOLD = "$.data.auto_promote_threshold"


class TrainingWorkflow(Construct):
    """Validate, train, evaluate, register, release: one model's pipeline.

    Its input is ``{"model_name", "as_of", "cause"}``, and ``auto_promote_threshold`` where one
    execution shall be stricter than its environment. Whatever fails is told to people and fails
    the execution, with production as it was; a candidate that the gate rejects is told to people
    and is a success, because the gate did its work. Features go online whatever becomes of the
    candidate: the champion needs the night's labels, too.

    Parameters
    ----------
    model
        The model to train.
    functions
        The steps between the states.
    release
        The workflow that brings a registered version into production.
    image
        What the training job runs in.

    Attributes
    ----------
    machine : LoggedMachine
    training : TrainingJob or TuningJob

    Raises
    ------
    UnsupportedComputeError
        The model is to be trained elsewhere than on SageMaker.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        model: ModelConfig,
        environment: Environment,
        network: Network,
        storage: Storage,
        functions: PipelineFunctions,
        release: sfn.IStateMachine,
        image: ecr_assets.DockerImageAsset,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._endings = WorkflowEndings(self, "Endings", topic=storage.notifications)
        if model.compute != "sagemaker":
            raise UnsupportedComputeError(
                f"{model.name} asks for compute={model.compute!r}, but training jobs are described "
                "for SageMaker alone. Give compute='sagemaker' in config/models.py."
            )
        kind = TuningJob if model.tuning == "distributed" else TrainingJob
        self.training = kind(
            self,
            kind.__name__,
            model=model,
            environment=environment,
            network=network,
            storage=storage,
            image=image,
            tracking_uri=tracking_uri,
        )
        self._release = ReleaseStart(
            self, "ReleaseStart", release=release, failed=self._endings.failed
        )
        self.machine = LoggedMachine(
            self,
            "Machine",
            environment=environment,
            definition=self._definition(functions, model),
            timeout=self.training.timeout.plus(_OTHER_STEPS),
        )
        self.training.grant_run(self.machine)
        self._endings.grant_tell(self.machine)
        self._release.grant_run(self.machine)

    def _definition(self, functions: PipelineFunctions, model: ModelConfig) -> sfn.IChainable:
        register = self._register(functions)
        judge = (
            sfn.Choice(self, "GoodEnough")
            .when(sfn.Condition.string_equals("$.evaluation.verdict", "PASS"), register)
            .otherwise(self._endings.rejected)
        )
        trained: sfn.Chain | tasks.LambdaInvoke = self._validate(functions)
        for state in self.training.states:
            retry_service(state, "sagemaker")
            state.add_catch(self._endings.failed, result_path="$.error")
            trained = trained.next(state)
        if model.online_features:
            trained = trained.next(self._materialize(functions))
        return trained.next(self._evaluate(functions)).next(judge)

    def _validate(self, functions: PipelineFunctions) -> tasks.LambdaInvoke:
        payload = {
            "model_name": _MODEL,
            "as_of": "$.as_of",
            "cause": "$.cause",
            "execution_name": _EXECUTION,
            # As a whole: a path to a key that an execution leaves out would fail the state.
            "execution_input": "$$.Execution.Input",
        }
        return self._step("ValidateData", functions.validate_data, payload, "$.data")

    def _materialize(self, functions: PipelineFunctions) -> tasks.LambdaInvoke:
        payload = {"model_name": _MODEL, "artifact_uri": _ARTIFACT}
        function = functions.materialize_features
        return self._step("MaterializeFeatures", function, payload, "$.features")

    def _evaluate(self, functions: PipelineFunctions) -> tasks.LambdaInvoke:
        payload = {
            "model_name": _MODEL,
            "artifact_uri": _ARTIFACT,
            "champion": "$.data.champion",
            "auto_promote_threshold": _THRESHOLD,
            "execution_name": _EXECUTION,
        }
        function = functions.evaluate_candidate
        return self._step("EvaluateCandidate", function, payload, "$.evaluation")

    def _register(self, functions: PipelineFunctions) -> sfn.IChainable:
        """Register, then stop at Staging or go on to Production as the gate says."""
        payload = {"model_name": _MODEL, "artifact_uri": _ARTIFACT, "execution_name": _EXECUTION}
        register = self._step("RegisterModel", functions.register_model, payload, "$.registration")
        succeeded = self._endings.succeeded
        gate = (
            sfn.Choice(self, "Gate")
            .when(
                sfn.Condition.string_equals("$.evaluation.gate", "auto"),
                self._release.state.next(succeeded),
            )
            .otherwise(succeeded)
        )
        return register.next(gate)

    def _step(
        self, name: str, function: PythonFunction, payload: Mapping[str, str], result_path: str
    ) -> tasks.LambdaInvoke:
        step = function_step(self, name, function, references(payload), result_path)
        step.add_catch(self._endings.failed, result_path="$.error")
        return step
