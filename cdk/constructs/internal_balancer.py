"""A load balancer within the network, whose access logs are kept."""

from aws_cdk import Duration
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import LOAD_BALANCER_LOG_PREFIX, Storage


class InternalBalancer(elbv2.ApplicationLoadBalancer):
    """Reached from within the VPC alone.

    Parameters
    ----------
    idle_timeout
        How long a request may take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        idle_timeout: Duration,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            vpc=network.vpc,
            vpc_subnets=network.isolated,
            internet_facing=False,
            drop_invalid_header_fields=True,
            deletion_protection=environment.retains_data,
            idle_timeout=idle_timeout,
        )
        self.set_attribute("access_logs.s3.enabled", "true")
        self.set_attribute("access_logs.s3.bucket", storage.access_logs.bucket_name)
        self.set_attribute("access_logs.s3.prefix", LOAD_BALANCER_LOG_PREFIX)
