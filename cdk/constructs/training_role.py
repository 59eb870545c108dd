"""What a training job may do."""

from aws_cdk import ArnFormat
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.stacks.storage import Storage

# SageMaker makes and removes the job's network interfaces itself; none of it can name a resource.
_NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_LOG_ACTIONS = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)


class TrainingRole(iam.Role):
    """Reads the data and the champion's bundle, writes its own output, logs and metrics.

    Parameters
    ----------
    encoder_weights
        Where the job finds its pretrained encoder, if it needs one; read, too, if that is in S3.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        storage: Storage,
        image: ecr_assets.DockerImageAsset,
        encoder_weights: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
            description="What training jobs may do",
        )
        storage.data.grant_read(self)
        storage.bundles.grant_read(self)
        storage.artifacts.grant_put(self, "training/*")
        if encoder_weights is not None and encoder_weights.startswith("s3://"):
            self._read(encoder_weights)
        image.repository.grant_pull(self)
        self._allow(_NETWORK_ACTIONS, "*")
        log_groups = self.stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name="/aws/sagemaker/TrainingJobs*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self._allow(_LOG_ACTIONS, log_groups)
        # How busy the job's instance is; a metric knows its namespace alone.
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
            )
        )
        # The volume's key is used by EC2 on the job's behalf, which takes a grant.
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:CreateGrant", "kms:DescribeKey"],
                resources=[storage.key.key_arn],
            )
        )

    def _read(self, uri: str) -> None:
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        below = f"{prefix.rstrip('/')}/*".lstrip("/")
        s3.Bucket.from_bucket_name(self, "Encoder", bucket).grant_read(self, below)

    def _allow(self, actions: tuple[str, ...], resource: str) -> None:
        self.add_to_policy(iam.PolicyStatement(actions=[*actions], resources=[resource]))
