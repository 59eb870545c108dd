"""The routing table as releases see it: what serves, and the write that replaces it."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from mlops_platform.errors import ModelNotDeployedError
from mlops_platform.serving.routing import Routing, Variant, read_routing

# The revision of a model of which nothing serves.
NEVER_DEPLOYED = 0


def champion_of(routing: Routing) -> Variant:
    """Return the variant with the largest share; of equals, the first."""
    return max(routing.variants, key=lambda variant: variant.weight)


def revision_of(routing: Routing | None) -> int:
    """Return the revision, `NEVER_DEPLOYED` if nothing serves."""
    return NEVER_DEPLOYED if routing is None else routing.revision


@dataclass(frozen=True)
class RoutingTable:
    """The routing of every model; only the ledger's transactions write it.

    Parameters
    ----------
    dynamodb
        boto3's low-level client.
    table
        The table's name.
    """

    dynamodb: Any
    table: str

    def read(self, model_name: str) -> Routing | None:
        """Return the newest revision, or None if nothing serves."""
        try:
            return read_routing(self.dynamodb, self.table, model_name)
        except ModelNotDeployedError:
            return None

    def replacement(
        self, model_name: str, old: Routing | None, new: Routing | None
    ) -> dict[str, Any]:
        """Return the part of a transaction that puts `new` where `old` must still be."""
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(model_name)"}
        if old is not None:
            condition = {
                "ConditionExpression": "revision = :old",
                "ExpressionAttributeValues": {":old": {"N": str(old.revision)}},
            }
        request = {"TableName": self.table, **condition}
        if new is None:
            return {"Delete": {**request, "Key": {"model_name": {"S": model_name}}}}
        return {"Put": {**request, "Item": _item(new)}}


def _item(routing: Routing) -> dict[str, Any]:
    return {
        "model_name": {"S": routing.model_name},
        "revision": {"N": str(routing.revision)},
        "variants": {"S": json.dumps([asdict(variant) for variant in routing.variants])},
        "updated_at": {"S": datetime.now(UTC).isoformat(timespec="milliseconds")},
    }
