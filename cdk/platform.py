"""The platform: its stacks, and what each is given of the others."""

from aws_cdk import App

from cdk.environments import Environment
from cdk.stacks.monitoring import Monitoring
from cdk.stacks.network import Network
from cdk.stacks.release import Release
from cdk.stacks.selfmate import SelfMate
from cdk.stacks.serving import Serving
from cdk.stacks.storage import Storage
from cdk.stacks.tracking import Tracking
from cdk.stacks.training import Training


class Platform:
    """All stacks of one environment.

    Attributes
    ----------
    network, storage, tracking, monitoring, selfmate, serving, release, training
        The stacks, in the order in which they are deployed.
    """

    def __init__(self, app: App, environment: Environment) -> None:
        self.environment = environment
        name = environment.stack_name
        self.network = Network(app, name("Network"), environment=environment)
        self.storage = Storage(app, name("Storage"), environment=environment)
        self.tracking = Tracking(
            app,
            name("Tracking"),
            environment=environment,
            network=self.network,
            storage=self.storage,
        )
        self.monitoring = Monitoring(
            app, name("Monitoring"), environment=environment, storage=self.storage
        )
        self.selfmate = SelfMate(
            app,
            name("SelfMate"),
            environment=environment,
            network=self.network,
            storage=self.storage,
            monitoring=self.monitoring,
        )
        self.serving = Serving(
            app,
            name("Serving"),
            environment=environment,
            network=self.network,
            storage=self.storage,
            monitoring=self.monitoring,
            selfmate=self.selfmate,
            tracking_uri=self.tracking.uri,
        )
        self.release = Release(
            app,
            name("Release"),
            environment=environment,
            network=self.network,
            storage=self.storage,
            serving=self.serving,
            tracking_uri=self.tracking.uri,
        )
        self.training = Training(
            app,
            name("Training"),
            environment=environment,
            network=self.network,
            storage=self.storage,
            release=self.release.workflow.machine,
            tracking_uri=self.tracking.uri,
        )
