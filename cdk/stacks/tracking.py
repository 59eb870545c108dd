"""Experiment tracking and model registry: MLflow with its database."""

from aws_cdk import CfnOutput
from constructs import Construct

from cdk.constructs.published_value import PublishedValue
from cdk.constructs.tracking_database import TrackingDatabase
from cdk.constructs.tracking_server import TrackingServer
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.storage import Storage


class Tracking(PlatformStack):
    """MLflow in service.

    Attributes
    ----------
    database : TrackingDatabase
    server : TrackingServer
    uri : str
        MLflow's address within the network.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self.database = TrackingDatabase(self, "Database", environment=environment, network=network)
        self.server = TrackingServer(
            self,
            "Server",
            environment=environment,
            network=network,
            storage=storage,
            database=self.database,
        )
        self.uri = self.server.uri
        PublishedValue(
            self,
            "PublishedTrackingUri",
            environment=environment,
            key="tracking_uri",
            value=self.uri,
        )
        CfnOutput(self, "TrackingUri", value=self.uri, description="MLflow, from within the VPC")
