"""The state that trains: `sagemaker:createTrainingJob.sync`, and the rights it takes."""

from typing import Any

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.training_role import TrainingRole
from cdk.environments import Environment
from cdk.errors import UnsupportedComputeError
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig

_MAX_RUNTIME = Duration.hours(4)
_VOLUME_GIB = 30
_PROGRAM = "/opt/program/training_jobs"
# Step Functions learns of a job's end by a rule of this name, which it manages itself.
_EVENTS_RULE = "StepFunctionsGetEventsForSageMakerTrainingJobsRule"


class TrainingJob(Construct):
    """What a workflow trains one model with.

    A custom state, because channels, hyperparameters and name are the answer of `ValidateData`
    as a whole, and CDK's own task wants each of them when the template is written.

    Attributes
    ----------
    state : sfn.CustomState
    role : TrainingRole
        What the job itself may do.

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
        image: ecr_assets.DockerImageAsset,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        if model.compute != "sagemaker":
            raise UnsupportedComputeError(
                f"{model.name} asks for compute={model.compute!r}, but training jobs are described "
                "for SageMaker alone. Give compute='sagemaker' in config/models.py."
            )
        self._model = model
        self.role = TrainingRole(
            self,
            "Role",
            storage=storage,
            image=image,
            encoder_weights=environment.encoder_weights if model.needs_encoder else None,
        )
        self.state = sfn.CustomState(
            scope,
            "Train",
            state_json={
                "Type": "Task",
                "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
                "Parameters": {
                    **self._program(image, tracking_uri),
                    **_placement(model, network, storage),
                },
                "ResultPath": "$.training",
                # The job stops by itself first; SageMaker's own preparations come on top.
                "TimeoutSeconds": _MAX_RUNTIME.plus(Duration.minutes(30)).to_seconds(),
            },
        )

    def grant_run(self, workflow: sfn.StateMachine) -> None:
        """Let a state machine start, watch and stop this model's jobs."""
        stack = Stack.of(self)
        workflow.add_to_role_policy(
            iam.PolicyStatement(
                actions=[
                    "sagemaker:CreateTrainingJob",
                    "sagemaker:DescribeTrainingJob",
                    "sagemaker:StopTrainingJob",
                    # Step Functions marks the jobs that it waits for with a tag of its own.
                    "sagemaker:AddTags",
                    "sagemaker:ListTags",
                ],
                resources=[
                    stack.format_arn(
                        service="sagemaker",
                        resource="training-job",
                        resource_name=f"{self._model.slug}-*",
                    )
                ],
            )
        )
        workflow.add_to_role_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            )
        )
        workflow.add_to_role_policy(
            iam.PolicyStatement(
                actions=["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                resources=[
                    stack.format_arn(
                        service="events",
                        resource="rule",
                        resource_name=_EVENTS_RULE,
                        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
                    )
                ],
            )
        )

    def _program(self, image: ecr_assets.DockerImageAsset, tracking_uri: str) -> dict[str, Any]:
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
            "Environment": {
                "MLFLOW_TRACKING_URI": tracking_uri,
                "MLFLOW_DISABLE_TELEMETRY": "true",
            },
        }


def _placement(model: ModelConfig, network: Network, storage: Storage) -> dict[str, Any]:
    """Say where it runs, for how long, and where its output goes."""
    subnets = network.vpc.select_subnets(subnet_type=network.isolated.subnet_type)
    return {
        "OutputDataConfig": {
            "S3OutputPath": storage.artifacts.s3_url_for_object("training"),
            "KmsKeyId": storage.key.key_arn,
        },
        "ResourceConfig": {
            "InstanceType": model.instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": _VOLUME_GIB,
            "VolumeKmsKeyId": storage.key.key_arn,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": _MAX_RUNTIME.to_seconds()},
        "VpcConfig": {
            "SecurityGroupIds": [network.tracking_clients.security_group_id],
            "Subnets": subnets.subnet_ids,
        },
    }
