"""The events that a subscribed function receives, packed as CloudWatch Logs packs them."""

import base64
import gzip
import json
from collections.abc import Iterator

from local_cloud.functions.invocation import MAX_ASYNC_BYTES
from local_cloud.subscriptions.parcels import Parcel


def pack(parcel: Parcel) -> bytes:
    """Return the event that the function receives, as JSON."""
    subscription = parcel.subscription
    message = {
        "messageType": "DATA_MESSAGE",
        "owner": subscription.account,
        "logGroup": subscription.log_group,
        "logStream": subscription.log_stream,
        "subscriptionFilters": [subscription.filter_name],
        "logEvents": parcel.records,
    }
    data = base64.b64encode(gzip.compress(json.dumps(message).encode(), compresslevel=1))
    return json.dumps({"awslogs": {"data": data.decode()}}).encode()


def split(parcel: Parcel, max_bytes: int = MAX_ASYNC_BYTES) -> Iterator[tuple[Parcel, bytes]]:
    """Yield a parcel in pieces whose events are small enough, each with its event.

    AWS does not document how many records CloudWatch Logs puts into one event; that it invokes the
    function asynchronously is documented, and so is the limit of such an event.
    A single record that is too large is yielded as it is: Lambda will refuse it.
    """
    payload = pack(parcel)
    if len(payload) <= max_bytes or len(parcel.records) == 1:
        yield parcel, payload
        return
    middle = len(parcel.records) // 2
    for piece in (parcel.records[:middle], parcel.records[middle:]):
        yield from split(Parcel(parcel.subscription, piece), max_bytes)
