"""AWS::Lambda::EventSourceMapping."""

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.registry import Created, register

_MAPPING = Operation(
    "lambda",
    "create_event_source_mapping",
    physical_id="UUID",
    attributes={"Id": "UUID", "EventSourceMappingArn": "EventSourceMappingArn"},
    prepare=lambda request: {
        name: value for name, value in request.properties.items() if name != "Tags"
    },
    reads={
        "BatchSize",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "EventSourceArn",
        "FilterCriteria",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "MaximumRetryAttempts",
        "StartingPosition",
    },
    ignores={"ParallelizationFactor", "ScalingConfig", "Tags"},
    passes_all=False,
)


def install() -> None:
    """Register the provider."""
    register(_MAPPING.provider("AWS::Lambda::EventSourceMapping", delete=_delete))


def _delete(created: Created, region: str) -> None:
    client("lambda", region).delete_event_source_mapping(UUID=created.physical_id)
