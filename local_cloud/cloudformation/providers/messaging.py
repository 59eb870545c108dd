"""SNS topics, SQS queues and EventBridge buses."""

import json
from collections.abc import Mapping
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.coercion import spell_string
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register

_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
)
_TOPIC_ATTRIBUTES = {"ContentBasedDeduplication", "FifoTopic"}
_QUEUE_ATTRIBUTES = {
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "VisibilityTimeout",
}
_TOPIC = Properties(
    reads={*_TOPIC_ATTRIBUTES, "Subscription.Endpoint", "Subscription.Protocol"},
    ignores={"DisplayName", "KmsMasterKeyId", "Tags"},
)
_SUBSCRIPTION = Properties(reads={*_SUBSCRIPTION_ATTRIBUTES, "Endpoint", "Protocol", "TopicArn"})
_QUEUE = Properties(
    reads=_QUEUE_ATTRIBUTES,
    ignores={"KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "SqsManagedSseEnabled", "Tags"},
)


def install() -> None:
    """Register topics, queues, buses and what hangs on them."""
    register(
        Provider(
            "AWS::SNS::Topic", create=_create_topic, name_property="TopicName", properties=_TOPIC
        )
    )
    register(Provider("AWS::SNS::Subscription", create=_subscribe, properties=_SUBSCRIPTION))
    register(Provider("AWS::SNS::TopicPolicy", create=_set_topic_policy, metadata_only=True))
    register(
        Provider(
            "AWS::SQS::Queue", create=_create_queue, name_property="QueueName", properties=_QUEUE
        )
    )
    register(Provider("AWS::SQS::QueuePolicy", create=_set_queue_policy, metadata_only=True))
    register(_EVENT_BUS.provider("AWS::Events::EventBus"))
    register(Provider("AWS::Events::EventBusPolicy", create=_record, metadata_only=True))


def _create_topic(request: CreateRequest) -> Created:
    attributes = {
        key: spell_string(value)
        for key, value in request.properties.items()
        if key in _TOPIC_ATTRIBUTES
    }
    sns = client("sns")
    arn = sns.create_topic(Name=request.physical_name, Attributes=attributes)["TopicArn"]
    for subscription in request.properties.get("Subscription", []):
        sns.subscribe(
            TopicArn=arn, Protocol=subscription["Protocol"], Endpoint=subscription["Endpoint"]
        )
    return Created(arn, {"TopicArn": arn, "TopicName": request.physical_name})


def _subscribe(request: CreateRequest) -> Created:
    properties = request.properties
    attributes = {
        key: spell_string(properties[key]) for key in _SUBSCRIPTION_ATTRIBUTES if key in properties
    }
    arn = client("sns").subscribe(
        TopicArn=properties["TopicArn"],
        Protocol=properties["Protocol"],
        Endpoint=properties["Endpoint"],
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Created(arn, {"Arn": arn})


def _set_topic_policy(request: CreateRequest) -> Created:
    policy = json.dumps(request.properties["PolicyDocument"])
    for topic in request.properties["Topics"]:
        client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=policy
        )
    return Created(request.physical_name, {"Id": request.physical_name})


def _create_queue(request: CreateRequest) -> Created:
    attributes = {
        key: spell_string(value)
        for key, value in request.properties.items()
        if key in _QUEUE_ATTRIBUTES
    }
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=request.physical_name, Attributes=attributes)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    return Created(url, {"Arn": arn, "QueueName": request.physical_name, "QueueUrl": url})


def _set_queue_policy(request: CreateRequest) -> Created:
    policy = json.dumps(request.properties["PolicyDocument"])
    for url in request.properties["Queues"]:
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return Created(request.physical_name, {"Id": request.physical_name})


def _record(request: CreateRequest) -> Created:
    return Created(request.physical_name)


def _bus_name(facts: Mapping[str, Any]) -> str:
    return str(facts["EventBusArn"]).rpartition("/")[2]


_EVENT_BUS = Operation(
    "events",
    "create_event_bus",
    physical_id=_bus_name,
    name_property="Name",
    attributes={"Arn": "EventBusArn", "Name": _bus_name},
)
