"""The ledger's table: those who write may append, and never change or remove."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk.constructs.private_table import PrivateTable
from cdk.environments import Environment

# A put is refused where an entry stands; that is a condition of each write, which IAM cannot set.
_APPENDING = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem")
_READING = ("dynamodb:GetItem", "dynamodb:Query")


class LedgerTable(PrivateTable):
    """Every transition of every model, in the order of `sequence`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, key: kms.IKey
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            environment=environment,
            partition_key="model_name",
            sort_key=dynamodb.Attribute(name="sequence", type=dynamodb.AttributeType.NUMBER),
            key=key,
        )
        self._key = key

    def grant_append(self, grantee: iam.IGrantable) -> None:
        """Let somebody read entries and add new ones."""
        self.grant(grantee, *_READING, *_APPENDING)
        self._key.grant_encrypt_decrypt(grantee)
