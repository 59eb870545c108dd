"""DynamoDB tables."""

from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register


def install() -> None:
    """Register the table type."""
    register(
        Provider(
            "AWS::DynamoDB::Table",
            create=_create_table,
            delete=lambda created, _: client("dynamodb").delete_table(
                TableName=created.physical_id
            ),
            name_property="TableName",
            properties=_TABLE.properties,
        )
    )


def _create_table(request: CreateRequest) -> Created:
    created = _TABLE.create(request)
    dynamodb = client("dynamodb")
    if specification := request.properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(
            TableName=created.physical_id,
            TimeToLiveSpecification={
                "AttributeName": specification["AttributeName"],
                "Enabled": str(specification.get("Enabled", True)).lower() == "true",
            },
        )
    recovery = request.properties.get("PointInTimeRecoverySpecification", {})
    if recovery.get("PointInTimeRecoveryEnabled"):
        dynamodb.update_continuous_backups(
            TableName=created.physical_id,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    return created


def _enable_stream(request: CreateRequest) -> dict[str, Any]:
    properties = {key: value for key, value in request.properties.items() if key not in _AFTERWARDS}
    if "StreamSpecification" in properties:
        # In a template the specification's presence enables the stream.
        properties["StreamSpecification"] = {
            **properties["StreamSpecification"],
            "StreamEnabled": True,
        }
    if "SSESpecification" in properties:
        specification = dict(properties["SSESpecification"])
        specification["Enabled"] = specification.pop("SSEEnabled", True)
        properties["SSESpecification"] = specification
    return properties


_AFTERWARDS = {"TimeToLiveSpecification", "PointInTimeRecoverySpecification"}
"""What has operations of its own, for a table that exists."""

_TABLE = Operation(
    "dynamodb",
    "create_table",
    physical_id="TableName",
    name_property="TableName",
    prepare=_enable_stream,
    reads={
        "TimeToLiveSpecification",
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        "SSESpecification",
        "StreamSpecification.StreamViewType",
    },
    attributes={
        "Arn": "TableArn",
        "StreamArn": "LatestStreamArn",
    },
)
