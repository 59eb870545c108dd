"""Whether every role may do what its work takes: AWS would refuse what the local cloud does not."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.infrastructure.assembly_reader import Assembly, Resource, as_list, flatten, states

ROLE = "AWS::IAM::Role"
MACHINE = "AWS::StepFunctions::StateMachine"
_WATCHED = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
# By integration: what Step Functions' manual asks of the state machine's role.
REQUIRED = {
    "sagemaker:createTrainingJob.sync": (
        "sagemaker:CreateTrainingJob",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:StopTrainingJob",
        # Every job that Step Functions waits for gets its tag MANAGED_BY_AWS.
        "sagemaker:AddTags",
        "sagemaker:ListTags",
        "iam:PassRole",
        *_WATCHED,
    ),
    "states:startExecution.sync:2": (
        "states:StartExecution",
        "states:DescribeExecution",
        "states:StopExecution",
        *_WATCHED,
    ),
    "events:putEvents": ("events:PutEvents",),
    "lambda:invoke": ("lambda:InvokeFunction",),
    "sns:publish": ("sns:Publish",),
}
_READ, _WRITE = ("kms:Decrypt",), ("kms:Decrypt", "kms:GenerateDataKey")
# By action: what it takes of the key under which its resource is encrypted.
KEY_ACTIONS = {
    "dynamodb:BatchGetItem": _READ,
    "dynamodb:GetItem": _READ,
    "dynamodb:PutItem": _WRITE,
    "dynamodb:UpdateItem": _WRITE,
    "s3:GetObject": _READ,
    "s3:PutObject": _WRITE,
    "secretsmanager:GetSecretValue": _READ,
    "sns:Publish": _WRITE,
    "sqs:SendMessage": _WRITE,
}


def allows(statement: dict[str, Any], action: str) -> bool:
    return statement["Effect"] == "Allow" and any(
        fnmatchcase(action, pattern) for pattern in as_list(statement["Action"])
    )


def allowed(assembly: Assembly, role: Resource, action: str) -> set[str]:
    """Return what a role may do this to, references as ``<logical id>``."""
    return {
        flatten(resource)
        for statement in assembly.statements_of(role)
        if allows(statement, action)
        for resource in as_list(statement["Resource"])
    }


def tasks(assembly: Assembly) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Yield every task with the role that it is done in."""
    for machine in assembly.of_type(MACHINE):
        role = assembly.referred(machine, machine.properties["RoleArn"])
        for _, state in states(assembly.definition(machine)):
            if state["Type"] == "Task":
                yield role, state


def integration(task: dict[str, Any]) -> str:
    """Return the integration of a task, e.g. ``sns:publish``; empty for a function's ARN."""
    return str(task["Resource"]).partition(":states:::")[2]


def test_every_machine_may_do_what_its_integrations_take(every: Assembly) -> None:
    for role, task in tasks(every):
        if name := integration(task):
            missing = {action for action in REQUIRED[name] if not allowed(every, role, action)}
            assert not missing, (role, name)


def test_every_machine_may_invoke_its_functions(every: Assembly) -> None:
    for role, task in tasks(every):
        if not integration(task):
            assert task["Resource"] in allowed(every, role, "lambda:InvokeFunction"), role


def test_every_machine_may_publish_to_its_topics(every: Assembly) -> None:
    for role, task in tasks(every):
        if integration(task) == "sns:publish":
            assert task["Parameters"]["TopicArn"] in allowed(every, role, "sns:Publish"), role


def test_a_training_job_may_be_tagged_where_it_may_be_created(every: Assembly) -> None:
    for role, task in tasks(every):
        if integration(task) == "sagemaker:createTrainingJob.sync":
            created = allowed(every, role, "sagemaker:CreateTrainingJob")
            assert created <= allowed(every, role, "sagemaker:AddTags"), role


def key_of(assembly: Assembly, resource: Resource) -> Resource | None:
    """Return the customer-managed key under which a resource is encrypted, if there is one."""
    found = resource.properties
    match resource.type:
        case "AWS::S3::Bucket":
            rule = found["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
            key = rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID")
        case "AWS::DynamoDB::Table":
            key = found["SSESpecification"].get("KMSMasterKeyId")
        case "AWS::SNS::Topic" | "AWS::SQS::Queue":
            key = found.get("KmsMasterKeyId")
        case "AWS::SecretsManager::Secret":
            key = found.get("KmsKeyId")
        case _:
            return None
    return assembly.meant(resource.stack, key)


def encrypted_uses(assembly: Assembly) -> Iterator[tuple[Resource, str, Resource, Resource]]:
    """Yield every role with an action, the encrypted resource it may do it to, and its key."""
    for role in assembly.of_type(ROLE):
        for statement in assembly.statements_of(role):
            for value in as_list(statement["Resource"]):
                resource = assembly.meant(role.stack, value)
                # What refers to a database's password is its attachment to the database.
                if resource and "SecretId" in resource.properties:
                    resource = assembly.meant(resource.stack, resource.properties["SecretId"])
                key = resource and key_of(assembly, resource)
                if resource and key:
                    for action in KEY_ACTIONS:
                        if allows(statement, action):
                            yield role, action, resource, key


def may_use(assembly: Assembly, role: Resource, key: Resource, action: str) -> bool:
    """Say whether the role's policies or the key's own let the role use the key."""
    own = (
        allows(statement, action) and key in resources_of(assembly, role.stack, statement)
        for statement in assembly.statements_of(role)
    )
    of_the_key = (
        allows(statement, action)
        and role == assembly.meant(key.stack, statement["Principal"]["AWS"])
        for statement in key.properties["KeyPolicy"]["Statement"]
    )
    return any(own) or any(of_the_key)


def resources_of(
    assembly: Assembly, stack: str, statement: dict[str, Any]
) -> list[Resource | None]:
    return [assembly.meant(stack, value) for value in as_list(statement["Resource"])]


def test_whoever_uses_an_encrypted_resource_may_use_its_key(every: Assembly) -> None:
    for role, action, resource, key in encrypted_uses(every):
        for key_action in KEY_ACTIONS[action]:
            assert may_use(every, role, key, key_action), (str(role), action, str(resource))


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SecretsManager::Secret",
    ],
)
def test_the_test_above_looks_at_every_kind_of_encrypted_resource(dev: Assembly, kind: str) -> None:
    assert kind in {resource.type for _, _, resource, _ in encrypted_uses(dev)}
