"""Release: the way of every version into production, and what keeps its traces in agreement."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from cdk.constructs.published_value import PublishedValue
from cdk.constructs.release_functions import ReleaseFunctions
from cdk.constructs.release_workflow import ReleaseWorkflow
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.serving import Serving
from cdk.stacks.storage import Storage
from mlops_platform.config.models import MODELS

_RECONCILED_EVERY = Duration.minutes(5)


class Release(PlatformStack):
    """Everything between a registered version and what serves.

    Attributes
    ----------
    functions : ReleaseFunctions
    workflow : ReleaseWorkflow
    reconcile : events.Rule
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        serving: Serving,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self.functions = ReleaseFunctions(
            self,
            "Functions",
            environment=environment,
            network=network,
            storage=storage,
            tracking_uri=tracking_uri,
        )
        self.workflow = ReleaseWorkflow(
            self,
            "Workflow",
            environment=environment,
            functions=self.functions,
            predict={model: serving.services[model.name].live for model in MODELS},
            bus=storage.bus,
        )
        self.reconcile = self._reconcile()
        arn = self.workflow.machine.state_machine_arn
        PublishedValue(
            self,
            "PublishedRelease",
            environment=environment,
            key="release_state_machine_arn",
            value=arn,
        )
        CfnOutput(self, "ReleaseArn", value=arn, description="Releases a registered version")

    def _reconcile(self) -> events.Rule:
        every_model = events.RuleTargetInput.from_object(
            {"model_names": [model.name for model in MODELS]}
        )
        return events.Rule(
            self,
            "Reconcile",
            description="Let routing and MLflow's stages agree with the ledger",
            schedule=events.Schedule.rate(_RECONCILED_EVERY),
            targets=[targets.LambdaFunction(self.functions.follow_stages, event=every_model)],
        )
