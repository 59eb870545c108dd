"""SelfMate: the assistant's pods, the cluster they run in, and its conversations."""

from aws_cdk import Duration, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as destinations
from constructs import Construct

from cdk.constructs.internal_balancer import InternalBalancer
from cdk.constructs.library_image import LibraryImage
from cdk.constructs.model_cluster import ModelCluster
from cdk.constructs.pod_identity import PodIdentity
from cdk.constructs.session_cache import SessionCache
from cdk.environments import Environment
from cdk.layers import ROOT
from cdk.manifests.log_router import log_router
from cdk.manifests.model_host import PORT, ModelHost
from cdk.stacks.monitoring import Monitoring
from cdk.stacks.network import Network
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.storage import Storage
from mlops_platform.config.host import HostSettings
from mlops_platform.config.models import model_named

_MODEL = model_named("selfmate")


class SelfMate(PlatformStack):
    """One model served from pods, behind a load balancer that the HTTP API reaches.

    Attributes
    ----------
    cluster : ModelCluster
    sessions : SessionCache
    records : logs.LogGroup
        What the pods write to stdout.
    balancer : InternalBalancer
    listener : elbv2.ApplicationListener
        What the HTTP API integrates with.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        monitoring: Monitoring,
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self._network = network
        self.cluster = ModelCluster(self, "Cluster", network=network, storage=storage)
        self.sessions = SessionCache(
            self, "Sessions", environment=environment, network=network, storage=storage
        )
        self.sessions.allow_from(self.cluster.cluster_security_group)
        self.records = self._records(environment, monitoring)
        self.balancer = InternalBalancer(
            self,
            "Balancer",
            environment=environment,
            network=network,
            storage=storage,
            # The HTTP API gives up after 30 s.
            idle_timeout=Duration.seconds(30),
        )
        target_group = self._target_group()
        self.listener = self.balancer.add_listener(
            "Http",
            port=80,
            protocol=elbv2.ApplicationProtocol.HTTP,
            open=False,
            default_target_groups=[target_group],
        )
        self._apply(storage, target_group)

    def _records(self, environment: Environment, monitoring: Monitoring) -> logs.LogGroup:
        group = logs.LogGroup(
            self,
            "Records",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )
        logs.SubscriptionFilter(
            self,
            "Capture",
            log_group=group,
            destination=destinations.LambdaDestination(monitoring.ingest_predictions),
            filter_pattern=logs.FilterPattern.literal('{ $.record = "prediction" }'),
        )
        return group

    def _target_group(self) -> elbv2.ApplicationTargetGroup:
        group = elbv2.ApplicationTargetGroup(
            self,
            "Pods",
            vpc=self._network.vpc,
            port=PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=elbv2.TargetType.IP,
            deregistration_delay=Duration.seconds(10),
            health_check=elbv2.HealthCheck(
                path="/ready", interval=Duration.seconds(5), timeout=Duration.seconds(2)
            ),
        )
        # Auto Mode registers pods in groups of its own cluster alone.
        Tags.of(group).add("eks:eks-cluster-name", self.cluster.cluster_name)
        self.cluster.cluster_security_group.connections.allow_from(
            self.balancer, ec2.Port.tcp(PORT), "The load balancer"
        )
        return group

    def _apply(self, storage: Storage, target_group: elbv2.ApplicationTargetGroup) -> None:
        """Apply the manifests: the model's pods, and what carries their lines away."""
        host = ModelHost(
            model=_MODEL,
            settings=HostSettings(
                model_name=_MODEL.name,
                routing_table=storage.routing.table_name,
                feature_table=storage.online_features.table_name,
                port=PORT,
                session_store_url=self.sessions.url,
            ),
            image=LibraryImage(self, "HostImage", folder="cdk/images/model_host").image_uri,
            service_account=self._host_identity(storage).service_account,
            target_group_arn=target_group.target_group_arn,
            log_group=self.records.log_group_name,
            vpc_addresses=self._network.vpc.vpc_cidr_block,
        )
        router = log_router(
            namespace=host.namespace,
            image=ecr_assets.DockerImageAsset(
                self,
                "LogRouterImage",
                directory=str(ROOT / "cdk" / "images" / "log_router"),
                platform=ecr_assets.Platform.LINUX_AMD64,
            ).image_uri,
            service_account=self._router_identity().service_account,
            log_group=self.records.log_group_name,
            region=Stack.of(self).region,
        )
        namespace = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": host.namespace},
        }
        # Auto Mode's switch for network policies.
        policies = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "amazon-vpc-cni", "namespace": "kube-system"},
            "data": {"enable-network-policy-controller": "true"},
        }
        applied = self.cluster.add_manifest(
            "Objects", namespace, policies, *host.objects(), *router
        )
        # A binding is refused while its group belongs to no load balancer.
        applied.node.add_dependency(self.listener)

    def _host_identity(self, storage: Storage) -> PodIdentity:
        identity = self._identity("Host", "model-host")
        storage.routing.grant_read_data(identity.role)
        storage.bundles.grant_read(identity.role, f"{_MODEL.name}/*")
        return identity

    def _router_identity(self) -> PodIdentity:
        identity = self._identity("LogRouter", "log-router")
        self.records.grant_write(identity.role)
        return identity

    def _identity(self, construct_id: str, service_account: str) -> PodIdentity:
        return PodIdentity(
            self,
            construct_id,
            cluster=self.cluster,
            namespace=_MODEL.slug,
            service_account=service_account,
        )
