"""Resource types of which only the record exists here: permissions, alarms, scaling, CDK's own."""

from collections.abc import Mapping
from typing import Any

from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    register,
    register_native,
)

_NATIVE = (
    "AWS::CloudWatch::Dashboard",
    "AWS::ECR::Repository",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::RDS::DBSubnetGroup",
)


def install() -> None:
    """Register the types whose behaviour is not enforced."""
    for resource_type in _NATIVE:
        register_native(resource_type, metadata_only=True)
    register(Provider("AWS::CDK::Metadata", create=_record, metadata_only=True))
    register(_ALARM.provider("AWS::CloudWatch::Alarm"))
    register(_SCALABLE_TARGET.provider("AWS::ApplicationAutoScaling::ScalableTarget"))
    register(_SCALING_POLICY.provider("AWS::ApplicationAutoScaling::ScalingPolicy"))
    register(
        Provider(
            "AWS::RDS::DBParameterGroup",
            create=_create_parameter_group,
            name_property="DBParameterGroupName",
            metadata_only=True,
        )
    )


def _record(request: CreateRequest) -> Created:
    return Created(request.logical_id)


def _target_id(facts: Mapping[str, Any]) -> str:
    return f"{facts['ResourceId']}|{facts['ScalableDimension']}|{facts['ServiceNamespace']}"


def _split_target_id(request: CreateRequest) -> dict[str, Any]:
    properties = dict(request.properties)
    if "ScalingTargetId" in properties:
        resource, dimension, namespace = properties.pop("ScalingTargetId").split("|")
        properties |= {
            "ResourceId": resource,
            "ScalableDimension": dimension,
            "ServiceNamespace": namespace,
        }
    return properties


def _create_parameter_group(request: CreateRequest) -> Created:
    _PARAMETER_GROUP.create(request)
    name = request.properties.get("DBParameterGroupName", request.physical_name)
    return Created(name, {"DBParameterGroupName": name})


_ALARM = Operation(
    "cloudwatch",
    "put_metric_alarm",
    physical_id="AlarmName",
    name_property="AlarmName",
    attributes={
        "Arn": lambda facts: f"arn:aws:cloudwatch:::alarm:{facts['AlarmName']}",
    },
    metadata_only=True,
)
_SCALABLE_TARGET = Operation(
    "application-autoscaling",
    "register_scalable_target",
    physical_id=_target_id,
    metadata_only=True,
)
_SCALING_POLICY = Operation(
    "application-autoscaling",
    "put_scaling_policy",
    physical_id="PolicyARN",
    name_property="PolicyName",
    prepare=_split_target_id,
    attributes={"Arn": "PolicyARN", "PolicyName": "PolicyName"},
    metadata_only=True,
)
_PARAMETER_GROUP = Operation(
    "rds",
    "create_db_parameter_group",
    name_property="DBParameterGroupName",
    prepare=lambda request: {
        **request.properties,
        "DBParameterGroupFamily": request.properties["Family"],
    },
    metadata_only=True,
)
