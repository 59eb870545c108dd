"""Assemblies deploy as they are; what cannot be deployed is refused, what is not run is said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdk.app import TEMPLATES_ONLY, make_app
from local_cloud.clients import client
from local_cloud.cloud import LocalCloud
from local_cloud.cloudformation.engine import UnresolvedReferenceError
from local_cloud.cloudformation.registry import UnknownResourceTypeError, UnreadPropertyError
from local_cloud.deployment import check_plan
from tests.local_cloud.assemblies import Assembly

NewAssembly = Callable[[], Assembly]


def test_an_unknown_resource_type_is_refused_before_anything_is_created(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    assembly.add_resource("Bucket", "AWS::S3::Bucket", {"BucketName": "never-made"})
    assembly.add_resource("Mystery", "AWS::Mystery::Machine")

    with pytest.raises(UnknownResourceTypeError, match="Register a Provider") as refusal:
        cloud.deploy(assembly.write())

    assert "AWS::Mystery::Machine" in str(refusal.value)
    buckets = client("s3").list_buckets()["Buckets"]
    assert "never-made" not in [bucket["Name"] for bucket in buckets]


TO_FUNCTION = {"Event": "s3:ObjectCreated:*", "Function": "arn:aws:lambda:::function:f"}


@pytest.mark.parametrize(
    ("resource_type", "properties", "path"),
    [
        (
            "AWS::S3::Bucket",
            {"NotificationConfiguration": {"LambdaConfigurations": [TO_FUNCTION]}},
            "NotificationConfiguration.LambdaConfigurations",
        ),
        (
            "AWS::S3::Bucket",
            {"NotificationConfiguration": {"QueueConfigurations": []}},
            "NotificationConfiguration.QueueConfigurations",
        ),
        (
            "AWS::S3::Bucket",
            {"NotificationConfiguration": {"TopicConfigurations": []}},
            "NotificationConfiguration.TopicConfigurations",
        ),
        ("AWS::ApiGatewayV2::Api", {"Name": "a", "Body": {"openapi": "3.0.1"}}, "Body"),
        ("AWS::DynamoDB::Table", {"KinesisStreamSpecification": {}}, "KinesisStreamSpecification"),
    ],
)
def test_a_property_that_nothing_reads_is_refused_before_anything_is_created(
    cloud: LocalCloud,
    new_assembly: NewAssembly,
    resource_type: str,
    properties: dict[str, Any],
    path: str,
) -> None:
    assembly = new_assembly()
    assembly.add_resource("Bucket", "AWS::S3::Bucket", {"BucketName": "never-made-either"})
    assembly.add_resource("Strange", resource_type, properties)

    with pytest.raises(UnreadPropertyError, match=f"{resource_type}.{path} of Strange"):
        cloud.deploy(assembly.write())

    buckets = client("s3").list_buckets()["Buckets"]
    assert "never-made-either" not in [bucket["Name"] for bucket in buckets]


def test_what_is_without_effect_is_listed(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    assembly = new_assembly()
    rules = {"Rules": [{"Status": "Enabled", "ExpirationInDays": 1}]}
    assembly.add_resource("Bucket", "AWS::S3::Bucket", {"LifecycleConfiguration": rules})
    cloud.deploy(assembly.write())

    (stack,) = [
        entry for entry in cloud.describe()["stacks"] if entry["name"] == assembly.stack_name
    ]

    assert stack["ignored_properties"] == ["AWS::S3::Bucket.LifecycleConfiguration"]


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_plan_of_every_environment_is_accepted(tmp_path: Path, environment: str) -> None:
    make_app(tmp_path, {"environment": environment, **TEMPLATES_ONLY}).synth()

    check_plan(tmp_path)


def test_a_buckets_object_lock_keeps_its_default(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    retention = {"Mode": "GOVERNANCE", "Days": 7}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    assembly = new_assembly()
    bucket = assembly.add_resource(
        "Bucket",
        "AWS::S3::Bucket",
        {"ObjectLockEnabled": True, "ObjectLockConfiguration": lock},
    )
    assembly.add_output("Bucket", bucket)
    cloud.deploy(assembly.write())

    name = cloud.outputs(assembly.stack_name)["Bucket"]
    stored = client("s3").get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]

    assert stored["Rule"]["DefaultRetention"].items() >= retention.items()


def test_an_attribute_that_nothing_offers_is_refused(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    assembly.add_resource("Queue", "AWS::SQS::Queue")
    colour = {"Fn::GetAtt": ["Queue", "Colour"]}
    assembly.add_resource("Value", "AWS::SSM::Parameter", {"Type": "String", "Value": colour})

    with pytest.raises(UnresolvedReferenceError, match="AWS::SQS::Queue has no attribute Colour"):
        cloud.deploy(assembly.write())


def test_what_is_only_recorded_is_listed(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    assembly = new_assembly()
    assembly.add_function("Function", "def handler(event, context):\n    return 1\n")
    alarm = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    assembly.add_resource("Alarm", "AWS::CloudWatch::Alarm", alarm)
    assembly.add_resource("Metadata", "AWS::CDK::Metadata")
    cloud.deploy(assembly.write())

    (stack,) = [
        entry for entry in cloud.describe()["stacks"] if entry["name"] == assembly.stack_name
    ]

    assert stack["resources"] == 4
    assert stack["metadata_only"] == [
        "AWS::CDK::Metadata",
        "AWS::CloudWatch::Alarm",
        "AWS::IAM::Role",
    ]


def test_each_function_says_which_interpreter_runs_it(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    assembly.add_function("Function", "def handler(event, context):\n    return 1\n")
    cloud.deploy(assembly.write())

    function = cloud.describe()["functions"][-1]

    assert function["name"].startswith(f"{assembly.stack_name}-Function")
    assert Path(function["interpreter"]).exists()
    assert set(function) == {"name", "interpreter", "asset_exact", "unzipped_mb"}


def test_a_nested_stacks_outputs_reach_its_parent(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    inner = {
        "Resources": {"Inner": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"QueueArn": {"Value": {"Fn::GetAtt": ["Inner", "Arn"]}}},
    }
    url = assembly.add_template_asset(inner)
    assembly.add_resource("Nested", "AWS::CloudFormation::Stack", {"TemplateURL": url})
    assembly.add_output("QueueArn", {"Fn::GetAtt": ["Nested", "Outputs.QueueArn"]})
    cloud.deploy(assembly.write())

    assert cloud.outputs(assembly.stack_name)["QueueArn"].startswith("arn:aws:sqs:eu-west-1:")


def test_a_bucket_that_demands_tls_can_be_written(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    bucket = assembly.add_resource("Bucket", "AWS::S3::Bucket")
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/*"]]},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    policy = {"Bucket": bucket, "PolicyDocument": document}
    assembly.add_resource("Policy", "AWS::S3::BucketPolicy", policy)
    assembly.add_output("Bucket", bucket)
    cloud.deploy(assembly.write())
    name = cloud.outputs(assembly.stack_name)["Bucket"]

    client("s3").put_object(Bucket=name, Key="k", Body=b"v")

    stored = client("s3").get_bucket_policy(Bucket=name)["Policy"]
    assert json.loads(stored)["Statement"][0]["Effect"] == "Deny"


def test_a_generated_secret_is_resolved_where_a_template_refers_to_it(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    generate = {
        "SecretStringTemplate": '{"username": "mlflow"}',
        "GenerateStringKey": "password",
        "PasswordLength": 20,
        "ExcludePunctuation": True,
    }
    secret = assembly.add_resource(
        "Secret", "AWS::SecretsManager::Secret", {"GenerateSecretString": generate}
    )
    reference = ["{{resolve:secretsmanager:", secret, ":SecretString:password::}}"]
    value = {"Fn::Join": ["", reference]}
    parameter = {"Name": "/the/password", "Type": "String", "Value": value}
    assembly.add_resource("Parameter", "AWS::SSM::Parameter", parameter)
    assembly.add_output("Secret", secret)
    cloud.deploy(assembly.write())

    stored = client("secretsmanager").get_secret_value(
        SecretId=cloud.outputs(assembly.stack_name)["Secret"]
    )["SecretString"]

    password = json.loads(stored)["password"]
    assert len(password) == 20
    assert password.isalnum()
    parameter = client("ssm").get_parameter(Name="/the/password")["Parameter"]
    assert parameter["Value"] == password


def test_an_image_uri_leads_to_its_asset_directory(
    cloud: LocalCloud, new_assembly: NewAssembly, tmp_path: Path
) -> None:
    assembly = new_assembly()
    (tmp_path / "image").mkdir()
    uri = assembly.add_image_asset(tmp_path / "image")
    assembly.add_resource("Value", "AWS::SSM::Parameter", {"Type": "String", "Value": uri})
    assembly.add_output("Uri", uri)
    cloud.deploy(assembly.write())

    assert cloud.images[cloud.outputs(assembly.stack_name)["Uri"]] == tmp_path / "image"


def test_topics_deliver_to_queues_as_subscribed(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    topic = assembly.add_resource("Topic", "AWS::SNS::Topic")
    queue = assembly.add_resource("Queue", "AWS::SQS::Queue", {"VisibilityTimeout": 60})
    subscription = {
        "TopicArn": topic,
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
        "RawMessageDelivery": True,
    }
    assembly.add_resource("Subscription", "AWS::SNS::Subscription", subscription)
    assembly.add_output("Topic", topic)
    assembly.add_output("Queue", queue)
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)

    client("sns").publish(TopicArn=outputs["Topic"], Message="news")

    received = client("sqs").receive_message(QueueUrl=outputs["Queue"])["Messages"]
    assert [message["Body"] for message in received] == ["news"]
