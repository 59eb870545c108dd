"""Which channels were told of an incident: one item each in the monitoring table."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from mlops_platform.config.retention import ALERT_DAYS

_DAY_SECONDS: Final = 86_400
# How much later than its deadline a sender may still be at work, by clocks that differ.
_GRACE_SECONDS: Final = 10
_SENDING, _DELIVERED, _FAILED = "sending", "delivered", "failed"
_FREE: Final = (
    "attribute_not_exists(place) OR progress = :failed"
    " OR (progress = :sending AND held_until < :now)"
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to tell one channel of one incident, held by nobody else until it expires."""

    incident_id: str
    channel: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """Records deliveries, so that a channel is told once.

    Who wants to send claims the delivery first. Between the sending and its record lies a moment
    in which a crash leaves the claim: when it has expired, the next attempt sends a second time.
    Losing the alert is the only other choice.

    Parameters
    ----------
    dynamodb
        boto3's client.
    table
        The monitoring table's name.
    clock
        Epoch seconds.
    """

    dynamodb: Any
    table: str
    clock: Callable[[], float] = time.time

    def claim(self, incident_id: str, channel: str, deadline: float) -> Claim | None:
        """Return the right to send until a deadline; None while somebody else has it or had it."""
        claim = Claim(incident_id=incident_id, channel=channel, owner=uuid.uuid4().hex)
        values = {":failed": _FAILED, ":sending": _SENDING, ":now": int(self.clock())}
        held_until = int(deadline) + _GRACE_SECONDS
        taken = self._put(claim, _SENDING, _FREE, values, held_until=held_until)
        return claim if taken else None

    def is_delivered(self, incident_id: str, channel: str) -> bool:
        """Tell whether a channel was told."""
        answer = self.dynamodb.get_item(
            TableName=self.table, Key=_key(incident_id, channel), ConsistentRead=True
        )
        return bool(answer.get("Item", {}).get("progress", {}).get("S") == _DELIVERED)

    def record(self, claim: Claim) -> bool:
        """Note that the channel was told; False when the claim had expired and another has it."""
        return self._finish(claim, _DELIVERED)

    def release(self, claim: Claim) -> bool:
        """Let others try at once, since this attempt failed; False as of `record`."""
        return self._finish(claim, _FAILED)

    def _finish(self, claim: Claim, progress: str) -> bool:
        return self._put(claim, progress, "claimed_by = :owner", {":owner": claim.owner})

    def _put(
        self, claim: Claim, progress: str, condition: str, values: dict[str, Any], **more: int
    ) -> bool:
        """Replace the item if the condition holds."""
        now = int(self.clock())
        attributes = {
            "progress": progress,
            "claimed_by": claim.owner,
            "updated_at": now,
            "expires_at": now + ALERT_DAYS * _DAY_SECONDS,
            **more,
        }
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=_key(claim.incident_id, claim.channel) | _typed(attributes),
                ConditionExpression=condition,
                ExpressionAttributeValues=_typed(values),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _key(incident_id: str, channel: str) -> dict[str, Any]:
    return _typed({"partition": f"alert#{incident_id}", "place": f"delivery#{channel}"})


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Write texts and whole numbers as DynamoDB's client takes them."""
    return {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in values.items()
    }
