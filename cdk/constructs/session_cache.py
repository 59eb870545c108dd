"""Where conversations are kept between their turns: ElastiCache for Valkey, serverless."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage

_MAX_STORAGE_GB = 1
_PORT = 6379


class SessionCache(Construct):
    """A cache that speaks TLS alone and is reached from what `allow_from` names.

    Attributes
    ----------
    url : str
        ``rediss://host:port``.
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
        super().__init__(scope, construct_id)
        self._group = ec2.SecurityGroup(
            self, "Group", vpc=network.vpc, description="Sessions", allow_all_outbound=False
        )
        cache = elasticache.CfnServerlessCache(
            self,
            "Cache",
            engine="valkey",
            major_engine_version="8",
            serverless_cache_name=environment.stack_name("sessions").lower(),
            description="Conversations between their turns",
            kms_key_id=storage.key.key_arn,
            subnet_ids=network.vpc.select_subnets(
                subnet_type=network.isolated.subnet_type
            ).subnet_ids,
            security_group_ids=[self._group.security_group_id],
            # Sessions are small and end by themselves; a fault must not cost a fortune.
            cache_usage_limits=elasticache.CfnServerlessCache.CacheUsageLimitsProperty(
                data_storage=elasticache.CfnServerlessCache.DataStorageProperty(
                    maximum=_MAX_STORAGE_GB, unit="GB"
                )
            ),
        )
        self.url = f"rediss://{cache.attr_endpoint_address}:{cache.attr_endpoint_port}"

    def allow_from(self, other: ec2.IConnectable) -> None:
        """Let what wears another security group reach the cache."""
        # Serverless caches answer readers on the next port.
        self._group.connections.allow_from(other, ec2.Port.tcp_range(_PORT, _PORT + 1), "Sessions")
