"""The online feature table as its writers need it: the newest items, and all-or-nothing writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from mlops_platform.serving.batch_get import batch_get
from mlops_platform.serving.feature_items import Item, entity_of, key_of

# How often a writer builds its write anew before it leaves the field to the others.
MAX_ATTEMPTS = 10
# Why DynamoDB cancels a transaction that may succeed when it is built anew.
_TRANSIENT = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "None",
}


@dataclass(frozen=True, kw_only=True)
class FeatureTable:
    """The online feature table.

    Parameters
    ----------
    dynamodb
        The boto3 client.
    name
        The table's name.
    """

    dynamodb: Any
    name: str

    def read(self, entities: Iterable[str]) -> dict[str, Item]:
        """Return the items that exist, as the last acknowledged write left them, by entity."""
        found = batch_get(
            lambda request: self.dynamodb.batch_get_item(RequestItems=request),
            self.name,
            [key_of(entity) for entity in sorted(set(entities))],
            consistent=True,
        )
        return {entity_of(item): item for item in found}

    def write(self, puts: Sequence[Item]) -> bool:
        """Write up to 100 items together; return False when somebody else was faster.

        Parameters
        ----------
        puts
            PutItem requests with their conditions.

        Raises
        ------
        ClientError
            The write would fail again.
        """
        try:
            self.dynamodb.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except self.dynamodb.exceptions.TransactionCanceledException as error:
            if _is_final(error):
                raise
            return False
        return True


def _is_final(error: ClientError) -> bool:
    """Tell whether a cancelled transaction would be cancelled again."""
    reasons = error.response.get("CancellationReasons", [])
    return any(reason.get("Code", "None") not in _TRANSIENT for reason in reasons)
