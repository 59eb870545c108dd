"""The way of an alert: from the bus into a queue, from there through one function to people."""

from cdk.constructs.alert_delivery import ALERTING
from mlops_platform.notifications.alert import DRIFT_DETECTED, RELEASE_FAILED
from mlops_platform.notifications.channel_settings import ChannelSettings, parse_channels
from tests.infrastructure.assembly_reader import Assembly, Resource, as_list


def sender(assembly: Assembly) -> Resource:
    (function,) = (
        function
        for function in assembly.of_type("AWS::Lambda::Function")
        if function.properties["Description"] == "functions/send_alert"
    )
    return function


def test_the_rule_lets_through_what_alerts_are_written_for(dev: Assembly) -> None:
    (rule,) = (
        rule for rule in dev.of_type("AWS::Events::Rule") if "EventBusName" in rule.properties
    )

    assert rule.properties["EventPattern"] == {"detail-type": [DRIFT_DETECTED, RELEASE_FAILED]}
    assert set(ALERTING) == {DRIFT_DETECTED, RELEASE_FAILED}
    bus = dev.meant(rule.stack, rule.properties["EventBusName"])
    assert bus
    assert bus.type == "AWS::Events::EventBus"


def test_what_the_rule_cannot_deliver_waits_where_the_function_s_dead_letters_do(
    every: Assembly,
) -> None:
    (mapping,) = (
        mapping
        for mapping in every.of_type("AWS::Lambda::EventSourceMapping")
        if every.referred(mapping, mapping.properties["FunctionName"]) == sender(every)
    )
    queue = every.referred(mapping, mapping.properties["EventSourceArn"])
    (target,) = (
        target
        for rule in every.of_type("AWS::Events::Rule")
        for target in rule.properties["Targets"]
        if every.meant(rule.stack, target["Arn"]) == queue
    )

    assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (
        target["DeadLetterConfig"]["Arn"]
        == queue.properties["RedrivePolicy"]["deadLetterTargetArn"]
    )
    assert queue.properties["VisibilityTimeout"] >= 6 * sender(every).properties["Timeout"]


def test_the_secret_of_the_template_is_valid_and_sets_nothing(every: Assembly) -> None:
    (secret,) = (
        secret
        for secret in every.of_type("AWS::SecretsManager::Secret")
        if secret.logical_id.startswith("AlertChannels")
    )

    assert parse_channels(secret.properties["SecretString"]) == ChannelSettings()
    assert every.meant(secret.stack, secret.properties["KmsKeyId"])


def test_the_function_reads_one_secret_and_one_queue_and_writes_one_table(every: Assembly) -> None:
    role = every.referred(sender(every), sender(every).properties["Role"])
    resources: dict[str, set[str]] = {}
    for statement in every.statements_of(role):
        for action in as_list(statement["Action"]):
            for value in as_list(statement["Resource"]):
                meant = every.meant(role.stack, value)
                service = action.partition(":")[0]
                resources.setdefault(service, set()).add(meant.logical_id[:-8] if meant else value)

    assert resources.pop("xray") == {"*"}
    assert resources == {
        "logs": {"AlertsSendAlertRecords"},
        "sqs": {"AlertsQueue"},
        "dynamodb": {"Monitoring"},
        "kms": {"Key"},
        "secretsmanager": {"AlertChannels"},
    }
