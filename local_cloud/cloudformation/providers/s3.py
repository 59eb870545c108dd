"""Buckets and their policies."""

import json
from typing import Any

from moto.s3.models import FakeBucket

from local_cloud.clients import client
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.patching import replace

_BUCKET = Properties(
    # Notifications to functions, queues and topics are none of these: they would not be sent.
    reads={
        "NotificationConfiguration.EventBridgeConfiguration",
        "ObjectLockConfiguration",
        "ObjectLockEnabled",
        "Tags",
        "VersioningConfiguration",
    },
    ignores={
        "BucketEncryption",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
    },
)


def install() -> None:
    """Register the bucket types, and make moto read `aws:SecureTransport` in policies."""
    register(
        Provider(
            "AWS::S3::Bucket",
            create=_create_bucket,
            delete=_delete_bucket,
            name_property="BucketName",
            properties=_BUCKET,
        )
    )
    register(
        Provider(
            "AWS::S3::BucketPolicy",
            create=_put_policy,
            properties=Properties(reads={"Bucket", "PolicyDocument"}),
        )
    )
    _ignore_secure_transport_denials()


def _create_bucket(request: CreateRequest) -> Created:
    s3 = client("s3")
    name, properties = request.physical_name, request.properties
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": request.region},
        ObjectLockEnabledForBucket=bool(properties.get("ObjectLockEnabled", False)),
    )
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if lock := properties.get("ObjectLockConfiguration"):
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
    if tags := properties.get("Tags"):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    notifications = properties.get("NotificationConfiguration", {})
    if notifications.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled"):
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
    return Created(name, _bucket_attributes(name, request.region))


def _bucket_attributes(name: str, region: str) -> dict[str, Any]:
    return {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
    }


def _delete_bucket(created: Created, _: str) -> None:
    client("s3").delete_bucket(Bucket=created.physical_id)


def _put_policy(request: CreateRequest) -> Created:
    bucket = request.properties["Bucket"]
    policy = json.dumps(request.properties["PolicyDocument"])
    client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
    return Created(bucket)


def _ignore_secure_transport_denials() -> None:
    """Drop conditioned statements where moto evaluates a bucket policy.

    moto ignores `Condition`: CDK's `enforce_ssl`, which denies everything over plain HTTP, would
    lock every bucket. The stored policy stays whole.
    """
    native_get_permission: Any = FakeBucket.get_permission

    def get_permission(bucket: Any, action: str, resource: str) -> Any:
        if bucket.policy is None:
            return native_get_permission(bucket, action, resource)
        policy = json.loads(bucket.policy)
        policy["Statement"] = [
            statement for statement in policy["Statement"] if not _is_transport_rule(statement)
        ]
        effective = _PolicyView(json.dumps(policy).encode())
        return native_get_permission(effective, action, resource)

    replace(FakeBucket, "get_permission", get_permission)


class _PolicyView:
    """The one attribute of a bucket that moto's evaluation reads."""

    def __init__(self, policy: bytes) -> None:
        self.policy = policy


def _is_transport_rule(statement: dict[str, Any]) -> bool:
    conditions = statement.get("Condition", {}).values()
    return any("aws:SecureTransport" in condition for condition in conditions)
