"""CloudWatch log groups."""

from local_cloud.clients import client
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register


def install() -> None:
    """Register the log group type; subscriptions are registered with their delivery."""
    register(
        Provider(
            "AWS::Logs::LogGroup",
            create=_create_group,
            delete=lambda created, _: client("logs").delete_log_group(
                logGroupName=created.physical_id
            ),
            name_property="LogGroupName",
            properties=Properties(reads={"RetentionInDays"}, ignores={"KmsKeyId", "Tags"}),
        )
    )
    register(Provider("AWS::Logs::ResourcePolicy", create=_record, metadata_only=True))


def _create_group(request: CreateRequest) -> Created:
    logs = client("logs")
    name = request.physical_name
    logs.create_log_group(logGroupName=name)
    if days := request.properties.get("RetentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
    arn = f"arn:aws:logs:{request.region}:{request.account_id}:log-group:{name}:*"
    return Created(name, {"Arn": arn})


def _record(request: CreateRequest) -> Created:
    return Created(request.physical_name)
