"""AWS::Logs::SubscriptionFilter."""

from local_cloud.clients import client
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register


def install() -> None:
    """Register the provider."""
    reads = {"DestinationArn", "FilterPattern", "LogGroupName", "RoleArn"}
    register(
        Provider(
            "AWS::Logs::SubscriptionFilter",
            _create,
            _delete,
            name_property="FilterName",
            properties=Properties(reads),
        )
    )


def _create(request: CreateRequest) -> Created:
    properties = request.properties
    role = {"roleArn": properties["RoleArn"]} if "RoleArn" in properties else {}
    client("logs", request.region).put_subscription_filter(
        logGroupName=properties["LogGroupName"],
        filterName=request.physical_name,
        filterPattern=properties.get("FilterPattern", ""),
        destinationArn=properties["DestinationArn"],
        **role,
    )
    group = {"LogGroupName": properties["LogGroupName"]}
    return Created(request.physical_name, group)


def _delete(created: Created, region: str) -> None:
    client("logs", region).delete_subscription_filter(
        logGroupName=created.attributes["LogGroupName"], filterName=created.physical_id
    )
