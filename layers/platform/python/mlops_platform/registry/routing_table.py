"""The routing table's write side: one conditional write decides which version serves."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from mlops_platform.errors import ChampionChangedError, ModelNotDeployedError
from mlops_platform.serving.routing import Routing, Variant, read_routing

_REFUSED = "ConditionalCheckFailedException"
# The revision that is expected of a model which was never deployed.
NEVER_DEPLOYED = 0


def champion_of(routing: Routing) -> Variant:
    """Return the variant with the largest share; of equals, the first."""
    return max(routing.variants, key=lambda variant: variant.weight)


@dataclass(frozen=True)
class RoutingTable:
    """Reads and conditionally writes the routing of every model.

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
        """Return the newest revision, or None if no version was ever deployed."""
        try:
            return read_routing(self.dynamodb, self.table, model_name)
        except ModelNotDeployedError:
            return None

    def write(
        self, model_name: str, variants: Sequence[Variant], *, expected_revision: int
    ) -> Routing:
        """Write the revision after `expected_revision`, if that is still the newest.

        Parameters
        ----------
        model_name
            The model.
        variants
            What serves from now on.
        expected_revision
            The revision that the decision was made on; `NEVER_DEPLOYED` if there was none.

        Raises
        ------
        ChampionChangedError
            Somebody else wrote first.
        """
        routing = Routing(
            model_name=model_name, revision=expected_revision + 1, variants=tuple(variants)
        )
        token = uuid.uuid4().hex
        try:
            self._put(routing, expected_revision, token)
        except self.dynamodb.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            # boto3 repeats a write whose answer was lost; then the refusal is our own success.
            if self._token(model_name) != token:
                raise ChampionChangedError(
                    f"Another release changed {model_name} after revision {expected_revision}; "
                    "production stays as that release left it. Evaluate against it and try again."
                ) from error
        return routing

    def _put(self, routing: Routing, expected_revision: int, token: str) -> None:
        first = expected_revision == NEVER_DEPLOYED
        condition: dict[str, Any] = (
            {"ConditionExpression": "attribute_not_exists(model_name)"}
            if first
            else {
                "ConditionExpression": "revision = :expected",
                "ExpressionAttributeValues": {":expected": {"N": str(expected_revision)}},
            }
        )
        self.dynamodb.put_item(
            TableName=self.table,
            Item={
                "model_name": {"S": routing.model_name},
                "revision": {"N": str(routing.revision)},
                "variants": {"S": json.dumps([asdict(variant) for variant in routing.variants])},
                "updated_at": {"S": datetime.now(UTC).isoformat(timespec="milliseconds")},
                "write_token": {"S": token},
            },
            **condition,
        )

    def _token(self, model_name: str) -> str:
        answer = self.dynamodb.get_item(
            TableName=self.table, Key={"model_name": {"S": model_name}}, ConsistentRead=True
        )
        return str(answer.get("Item", {}).get("write_token", {}).get("S", ""))
