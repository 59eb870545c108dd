"""What travels from a log to its subscriber."""

import dataclasses
from typing import Any, NamedTuple

Record = dict[str, Any]
"""One log event: `id`, `timestamp` in epoch milliseconds, `message`."""

Batch = list[Record]


@dataclasses.dataclass(frozen=True)
class Subscription:
    """Where the records of one log stream go by one filter."""

    account: str
    region: str
    log_group: str
    log_stream: str
    filter_name: str
    destination_arn: str


class Parcel(NamedTuple):
    """Some records of one subscription."""

    subscription: Subscription
    records: Batch
