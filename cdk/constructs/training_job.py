"""The state that trains: `sagemaker:createTrainingJob.sync`, and the rights it takes."""

from typing import Any

from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.job_grants import grant_jobs, grant_waiting
from cdk.constructs.job_placement import JOB_TIMEOUT, job_placement
from cdk.constructs.training_role import TrainingRole
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig

_PROGRAM = "/opt/program/training_jobs"
_EVENTS_RULE = "StepFunctionsGetEventsForSageMakerTrainingJobsRule"


class TrainingJob(Construct):
    """What a workflow trains one model with.

    A custom state, because channels, hyperparameters and name are the answer of `ValidateData`
    as a whole, and CDK's own task wants each of them when the template is written.

    Attributes
    ----------
    states : tuple of sfn.CustomState
        The one that trains.
    role : TrainingRole
        What the job itself may do.
    timeout : Duration
        How long it may take.
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
        image: ecr_assets.DockerImageAsset,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._model = model
        self.role = TrainingRole(
            self,
            "Role",
            storage=storage,
            image=image,
            encoder_weights=environment.encoder_weights if model.needs_encoder else None,
        )
        self.timeout = JOB_TIMEOUT
        train = sfn.CustomState(
            scope,
            "Train",
            state_json={
                "Type": "Task",
                "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
                "Parameters": {
                    **self._program(image),
                    **job_placement(model, network, storage, tracking_uri),
                },
                "ResultPath": "$.training",
                "TimeoutSeconds": self.timeout.to_seconds(),
            },
        )
        self.states = (train,)

    def grant_run(self, workflow: sfn.StateMachine) -> None:
        """Let a state machine start, watch and stop this model's jobs."""
        grant_jobs(
            workflow,
            [
                "CreateTrainingJob",
                "DescribeTrainingJob",
                "StopTrainingJob",
                # Step Functions marks the jobs that it waits for with a tag of its own.
                "AddTags",
                "ListTags",
            ],
            kind="training-job",
            prefix=self._model.slug,
        )
        grant_waiting(workflow, job_role=self.role, rule=_EVENTS_RULE)

    def _program(self, image: ecr_assets.DockerImageAsset) -> dict[str, Any]:
        """Say what runs, with what; the fields in ``.$`` are ValidateData's answer."""
        return {
            "TrainingJobName.$": "$.data.training_job_name",
            "InputDataConfig.$": "$.data.channels",
            "HyperParameters.$": "$.data.hyperparameters",
            "RoleArn": self.role.role_arn,
            "AlgorithmSpecification": {
                "TrainingImage": image.image_uri,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python", f"{_PROGRAM}/{self._model.name}/train.py"],
                "ContainerArguments": ["train"],
            },
        }
