"""A table as every table of the platform is: encrypted, on demand, restorable."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk.environments import Environment


class PrivateTable(dynamodb.Table):
    """One DynamoDB table whose keys are strings.

    Parameters
    ----------
    partition_key
        Name of the key attribute.
    sort_key
        What orders the items of one partition, if it holds several.
    key
        Encrypts its items.
    expiry_attribute
        The attribute with the epoch second after which an item may go, if items go at all.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        partition_key: str,
        key: kms.IKey,
        sort_key: dynamodb.Attribute | None = None,
        expiry_attribute: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            partition_key=dynamodb.Attribute(
                name=partition_key, type=dynamodb.AttributeType.STRING
            ),
            sort_key=sort_key,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=expiry_attribute,
            deletion_protection=environment.retains_data,
            removal_policy=environment.removal_policy,
        )
