"""Buckets, tables and the other places where something stays."""

from mlops_platform.config.retention import PREDICTION_DAYS
from tests.infrastructure.assembly_reader import Assembly, as_list, flatten

LOG_GROUP = "AWS::Logs::LogGroup"


def test_every_bucket_blocks_public_access(every: Assembly) -> None:
    for bucket in every.of_type("AWS::S3::Bucket"):
        block = bucket.properties["PublicAccessBlockConfiguration"]
        assert block == dict.fromkeys(block, True), bucket
        assert len(block) == 4


def test_every_bucket_is_versioned_and_encrypted(every: Assembly) -> None:
    for bucket in every.of_type("AWS::S3::Bucket"):
        assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}, bucket
        assert bucket.properties["BucketEncryption"], bucket


def test_every_bucket_refuses_plain_http(every: Assembly) -> None:
    policies = {
        flatten(policy.properties["Bucket"]): policy.properties["PolicyDocument"]["Statement"]
        for policy in every.of_type("AWS::S3::BucketPolicy")
    }
    for bucket in every.of_type("AWS::S3::Bucket"):
        assert any(
            statement["Effect"] == "Deny"
            and statement["Principal"] == {"AWS": "*"}
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            and as_list(statement["Action"]) == ["s3:*"]
            for statement in policies[f"<{bucket.logical_id}>"]
        ), bucket


def test_every_bucket_but_the_log_s_own_is_access_logged(every: Assembly) -> None:
    unlogged = [
        bucket.logical_id
        for bucket in every.of_type("AWS::S3::Bucket")
        if "LoggingConfiguration" not in bucket.properties
    ]
    assert len(unlogged) == 1
    assert unlogged[0].startswith("AccessLogs")


def test_load_balancers_of_this_account_may_write_their_logs_as_aws_documents_it(
    every: Assembly,
) -> None:
    writing = [
        statement
        for policy in every.of_type("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    ]
    assert len(writing) == 1
    assert writing[0]["Action"] == "s3:PutObject"
    assert flatten(writing[0]["Resource"]).endswith("/load-balancer/AWSLogs/<AWS::AccountId>/*")
    assert "Condition" not in writing[0]


def test_every_table_is_encrypted_restorable_and_paid_by_request(every: Assembly) -> None:
    for table in every.of_type("AWS::DynamoDB::Table"):
        properties = table.properties
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert properties["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True
        }
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_tables_have_the_keys_that_the_library_uses(dev: Assembly) -> None:
    keys = {
        table.logical_id[:-8]: [key["AttributeName"] for key in table.properties["KeySchema"]]
        for table in dev.of_type("AWS::DynamoDB::Table")
    }
    assert keys == {
        "Routing": ["model_name"],
        "Ledger": ["model_name", "sequence"],
        "OnlineFeatures": ["entity"],
        "ApiKeys": ["key_hash"],
        "Monitoring": ["partition", "place"],
    }


def test_predictions_are_remembered_longer_than_they_can_come_again(every: Assembly) -> None:
    days = max(group.properties["RetentionInDays"] for group in every.of_type(LOG_GROUP))
    expiring = [
        rule["ExpirationInDays"]
        for bucket in every.of_type("AWS::S3::Bucket")
        for rule in bucket.properties["LifecycleConfiguration"]["Rules"]
        if rule.get("Prefix") == "predictions/"
    ]
    assert expiring == [PREDICTION_DAYS]
    assert days < PREDICTION_DAYS


def test_idempotency_markers_expire(dev: Assembly) -> None:
    features = next(
        table
        for table in dev.of_type("AWS::DynamoDB::Table")
        if table.logical_id.startswith("OnlineFeatures")
    )
    assert features.properties["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


def test_every_log_group_has_a_retention(every: Assembly) -> None:
    for group in every.of_type("AWS::Logs::LogGroup"):
        assert group.properties["RetentionInDays"] > 0, group


def test_no_resource_but_a_parameter_has_a_physical_name(every: Assembly) -> None:
    # A bus cannot be made without a name; CDK derives it from the stack's.
    naming = {"BucketName", "TableName", "FunctionName", "TopicName", "QueueName", "RoleName"}
    naming |= {"StateMachineName", "LogGroupName", "ClusterName", "DBInstanceIdentifier"}
    own = {
        "AWS::DynamoDB::Table",
        "AWS::ECS::Cluster",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBInstance",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::StepFunctions::StateMachine",
    }
    for resource in every.resources:
        if resource.type in own:
            assert not naming & resource.properties.keys(), resource


def test_the_cluster_s_manifests_are_the_only_custom_resource(every: Assembly) -> None:
    custom = [
        resource.type
        for resource in every.resources
        if resource.type.startswith(("Custom::", "AWS::CloudFormation::", "AWS::Serverless"))
    ]
    assert custom == ["Custom::AWSCDK-EKS-KubernetesResource"]
