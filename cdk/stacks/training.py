"""Training: one workflow for each model, and the schedule that starts them."""

from aws_cdk import CfnOutput
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.daily_training import DailyTraining
from cdk.constructs.drift_retraining import DriftRetraining
from cdk.constructs.layer_set import LayerSet
from cdk.constructs.library_image import LibraryImage
from cdk.constructs.pipeline_functions import PipelineFunctions
from cdk.constructs.published_value import PublishedValue
from cdk.constructs.training_workflow import TrainingWorkflow
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.storage import Storage
from mlops_platform.config.models import MODELS


class Training(PlatformStack):
    """Everything between a day's data and a new version in production.

    Parameters
    ----------
    release
        The state machine that brings a version into production.

    Attributes
    ----------
    functions : PipelineFunctions
    image : LibraryImage
        What training jobs run in, but those that fine-tune.
    workflows : dict of str to TrainingWorkflow
        By model name.
    daily : DailyTraining
    retraining : DriftRetraining
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        release: sfn.IStateMachine,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self.image = LibraryImage(self, "Image", folder="training_jobs")
        images = {False: self.image}
        if any(model.fine_tune for model in MODELS):
            # Gigabytes for the GPU, which who tunes no encoder neither builds nor uploads.
            images[True] = LibraryImage(
                self,
                "FineTuningImage",
                folder="training_jobs",
                requirements="requirements/finetune.txt",
            )
        layers = LayerSet(self, "Layers")
        self.functions = PipelineFunctions(
            self,
            "Functions",
            environment=environment,
            layers=layers,
            network=network,
            storage=storage,
            tracking_uri=tracking_uri,
        )
        self.workflows = {
            model.name: TrainingWorkflow(
                self,
                model.construct_id,
                model=model,
                environment=environment,
                network=network,
                storage=storage,
                functions=self.functions,
                release=release,
                image=images[model.fine_tune],
                tracking_uri=tracking_uri,
            )
            for model in MODELS
        }
        machines = [(model, self.workflows[model.name].machine) for model in MODELS]
        self.daily = DailyTraining(
            self, "DailyTraining", environment=environment, workflows=machines
        )
        self.retraining = DriftRetraining(
            self,
            "DriftRetraining",
            environment=environment,
            layers=layers,
            storage=storage,
            workflows=machines,
        )
        self._publish(environment)

    def _publish(self, environment: Environment) -> None:
        daily = self.daily.machine.state_machine_arn
        PublishedValue(
            self,
            "PublishedDailyTraining",
            environment=environment,
            key="daily_training_state_machine_arn",
            value=daily,
        )
        for model in MODELS:
            PublishedValue(
                self,
                f"Published{model.construct_id}",
                environment=environment,
                key=f"training_state_machine_arn/{model.name}",
                value=self.workflows[model.name].machine.state_machine_arn,
            )
        CfnOutput(self, "DailyTrainingArn", value=daily, description="Trains every model")
