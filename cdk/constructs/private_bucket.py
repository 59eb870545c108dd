"""A bucket as every bucket of the platform is: private, encrypted, versioned, logged."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.environments import Environment


class PrivateBucket(s3.Bucket):
    """One bucket for data.

    Parameters
    ----------
    key
        Encrypts its objects.
    access_logs
        Receives its access log, below the construct's name.
    noncurrent_days
        How long an overwritten or deleted object can be brought back, in days.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        key: kms.IKey,
        access_logs: s3.IBucket,
        noncurrent_days: int = 90,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            # One data key per bucket and hour rather than one KMS call per object.
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{construct_id.lower()}/",
            removal_policy=environment.removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=Duration.days(noncurrent_days),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
