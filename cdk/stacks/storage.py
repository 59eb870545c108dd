"""What the platform remembers: buckets, tables, and the channels that carry its news."""

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.constructs.ledger_table import LedgerTable
from cdk.constructs.private_bucket import PrivateBucket
from cdk.constructs.private_table import PrivateTable
from cdk.constructs.published_value import PublishedValue
from cdk.environments import Environment
from cdk.stacks.platform_stack import PlatformStack
from mlops_platform.config.retention import PREDICTION_DAYS

LOAD_BALANCER_LOG_PREFIX = "load-balancer"
# Valid, and empty: an operator writes the channels into the secret. Another text here would, at
# the next deployment, overwrite what the operator wrote.
_NO_CHANNELS = '{"channels": {}}'


class Storage(PlatformStack):
    """Everything that must outlive a deployment.

    Attributes
    ----------
    key : kms.Key
        Encrypts all of it.
    access_logs, data, artifacts, bundles, monitoring_objects : s3.Bucket
        Access logs; the tables that models are trained from; MLflow's and SageMaker's output;
        what is served; what was predicted, record by record and counted.
    routing, online_features, api_keys, monitoring : dynamodb.Table
    ledger : LedgerTable
    bus : events.EventBus
    notifications : sns.Topic
        What people subscribe to.
    alert_channels : secretsmanager.Secret
        Where alerts go and with which credentials; an operator writes it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self.key = kms.Key(
            self,
            "Key",
            description="Encrypts the platform's data",
            enable_key_rotation=True,
            removal_policy=environment.removal_policy,
        )
        self.access_logs = self._access_logs(environment)
        self.data = self._bucket("Data", environment)
        self.artifacts = self._bucket("Artifacts", environment)
        self.bundles = self._bucket("Bundles", environment)
        self.monitoring_objects = self._bucket("MonitoringObjects", environment)
        self.monitoring_objects.add_lifecycle_rule(
            prefix="predictions/", expiration=Duration.days(PREDICTION_DAYS)
        )
        self.routing = self._table("Routing", "model_name", environment)
        self.ledger = LedgerTable(self, "Ledger", environment=environment, key=self.key)
        self.online_features = self._table("OnlineFeatures", "entity", environment, "expires_at")
        self.api_keys = self._table("ApiKeys", "key_hash", environment)
        self.monitoring = PrivateTable(
            self,
            "Monitoring",
            environment=environment,
            partition_key="partition",
            sort_key=dynamodb.Attribute(name="place", type=dynamodb.AttributeType.STRING),
            key=self.key,
            expiry_attribute="expires_at",
        )
        self.bus = events.EventBus(self, "Bus", description="What happened to the models")
        self.notifications = sns.Topic(self, "Notifications", master_key=self.key, enforce_ssl=True)
        self.alert_channels = secretsmanager.Secret(
            self,
            "AlertChannels",
            description="Where alerts go and with which credentials",
            encryption_key=self.key,
            secret_string_value=SecretValue.unsafe_plain_text(_NO_CHANNELS),
            removal_policy=environment.removal_policy,
        )
        self._publish(environment)

    def _access_logs(self, environment: Environment) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            # Neither S3's nor the load balancer's log delivery can write under a key of ours.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            removal_policy=environment.removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(environment.access_log_days),
                    noncurrent_version_expiration=Duration.days(7),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LoadBalancerAccessLogs",
                principals=[iam.ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")],
                actions=["s3:PutObject"],
                # The account is in the path, as AWS documents it. Whether log delivery sends
                # aws:SourceAccount is not documented, and a balancer that cannot log is not made.
                resources=[
                    bucket.arn_for_objects(f"{LOAD_BALANCER_LOG_PREFIX}/AWSLogs/{self.account}/*")
                ],
            )
        )
        return bucket

    def _bucket(self, construct_id: str, environment: Environment) -> PrivateBucket:
        return PrivateBucket(
            self,
            construct_id,
            environment=environment,
            key=self.key,
            access_logs=self.access_logs,
        )

    def _table(
        self,
        construct_id: str,
        partition_key: str,
        environment: Environment,
        expiry_attribute: str | None = None,
    ) -> PrivateTable:
        return PrivateTable(
            self,
            construct_id,
            environment=environment,
            partition_key=partition_key,
            key=self.key,
            expiry_attribute=expiry_attribute,
        )

    def _publish(self, environment: Environment) -> None:
        published = {
            "data_bucket": self.data.bucket_name,
            "artifact_bucket": self.artifacts.bucket_name,
            "bundle_bucket": self.bundles.bucket_name,
            "routing_table": self.routing.table_name,
            "ledger_table": self.ledger.table_name,
            "feature_table": self.online_features.table_name,
            "api_key_table": self.api_keys.table_name,
            "monitoring_table": self.monitoring.table_name,
            "monitoring_bucket": self.monitoring_objects.bucket_name,
            "event_bus": self.bus.event_bus_name,
            "alert_channels_arn": self.alert_channels.secret_arn,
        }
        for key, value in published.items():
            construct_id = "Published" + "".join(part.capitalize() for part in key.split("_"))
            PublishedValue(self, construct_id, environment=environment, key=key, value=value)
