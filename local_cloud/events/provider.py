"""AWS::Events::Rule on any bus, and EventBridge Scheduler's schedules and groups."""

import json
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register

_RULE_FIELDS = ("Description", "ScheduleExpression", "State", "RoleArn", "EventBusName")
_TARGET_FIELDS = {
    f"Targets.{field}"
    for field in (
        "Arn",
        "DeadLetterConfig",
        "Id",
        "Input",
        "InputPath",
        "InputTransformer",
        "KinesisParameters",
        "RetryPolicy",
        "RoleArn",
        "SqsParameters",
    )
}
_MAX_NAME_LENGTH = 64


def install() -> None:
    """Register the providers."""
    register(
        Provider(
            "AWS::Events::Rule",
            _create_rule,
            _delete_rule,
            name_property="Name",
            properties=Properties(reads={*_RULE_FIELDS, "EventPattern", *_TARGET_FIELDS}),
        )
    )
    register(
        Operation(
            "scheduler",
            "create_schedule",
            physical_id="Name",
            attributes={"Arn": "ScheduleArn"},
            prepare=_prepare_schedule,
        ).provider("AWS::Scheduler::Schedule", delete=_delete_schedule)
    )
    register(
        Operation(
            "scheduler",
            "create_schedule_group",
            physical_id="Name",
            attributes={"Arn": "ScheduleGroupArn"},
            name_property="Name",
        ).provider("AWS::Scheduler::ScheduleGroup")
    )


def _create_rule(request: CreateRequest) -> Created:
    properties = request.properties
    events = client("events", request.region)
    name = request.physical_name[-_MAX_NAME_LENGTH:]
    fields: dict[str, Any] = {key: properties[key] for key in _RULE_FIELDS if key in properties}
    if "EventPattern" in properties:
        fields["EventPattern"] = json.dumps(properties["EventPattern"])
    arn = events.put_rule(Name=name, **fields)["RuleArn"]
    bus = properties.get("EventBusName")
    bus_name = {"EventBusName": bus} if bus else {}
    if properties.get("Targets"):
        events.put_targets(Rule=name, Targets=properties["Targets"], **bus_name)
    return Created(f"{bus.split('/')[-1]}|{name}" if bus else name, {"Arn": arn})


def _delete_rule(created: Created, region: str) -> None:
    bus, _, name = created.physical_id.rpartition("|")
    bus_name = {"EventBusName": bus} if bus else {}
    events = client("events", region)
    targets = events.list_targets_by_rule(Rule=name, **bus_name)["Targets"]
    if targets:
        events.remove_targets(Rule=name, Ids=[each["Id"] for each in targets], **bus_name)
    events.delete_rule(Name=name, **bus_name)


def _prepare_schedule(request: CreateRequest) -> dict[str, Any]:
    name = request.properties.get("Name") or request.physical_name[-_MAX_NAME_LENGTH:]
    window = request.properties.get("FlexibleTimeWindow", {"Mode": "OFF"})
    return {**request.properties, "Name": name, "FlexibleTimeWindow": window}


def _delete_schedule(created: Created, region: str) -> None:
    client("scheduler", region).delete_schedule(Name=created.physical_id)
