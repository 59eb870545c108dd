"""DynamoDB stream → Lambda: in order, with retries, bisection and a destination for what fails."""

import json
import time
from typing import Any

from local_cloud.bell import Bell
from local_cloud.clients import client
from local_cloud.event_sources.mapping import Mapping, Record, failed_items
from local_cloud.sending import send

_IDLE_SECONDS = 1.0
_FIRST_DELAY_SECONDS = 0.2
_MAX_DELAY_SECONDS = 5.0


def poll(mapping: Mapping, bell: Bell) -> None:
    """Read the stream's shard until the mapping is closed; `bell` rings at every write."""
    streams = client("dynamodbstreams", mapping.region)
    iterator = _first_iterator(mapping)
    while not mapping.closed.is_set():
        answer = streams.get_records(ShardIterator=iterator, Limit=mapping.batch_size)
        iterator = answer["NextShardIterator"]
        records = [
            {**json.loads(json.dumps(each, default=_plain)), "eventSourceARN": mapping.source_arn}
            for each in answer["Records"]
        ]
        wanted = [record for record in records if mapping.accepts(record)]
        if wanted:
            _process(mapping, wanted)
        elif not records:
            bell.sleep(_IDLE_SECONDS)


def _plain(value: Any) -> Any:
    # Binary attributes and times, as Lambda's event spells them.
    return value.decode("latin-1") if isinstance(value, bytes) else value.timestamp()


def _first_iterator(mapping: Mapping) -> str:
    streams = client("dynamodbstreams", mapping.region)
    shard = streams.describe_stream(StreamArn=mapping.source_arn)["StreamDescription"]["Shards"][-1]
    iterator: str = streams.get_shard_iterator(
        StreamArn=mapping.source_arn,
        ShardId=shard["ShardId"],
        ShardIteratorType=mapping.options.get("StartingPosition") or "TRIM_HORIZON",
    )["ShardIterator"]
    return iterator


def _process(mapping: Mapping, records: list[Record]) -> None:
    # -1, the default, is for ever; 0 is a value of its own.
    retries = int(mapping.options.get("MaximumRetryAttempts", -1))
    delay = _FIRST_DELAY_SECONDS
    attempt = 0
    while records and not mapping.closed.is_set():
        left = _left_after(mapping, records)
        if not left:
            return
        if len(left) < len(records):
            attempt = 0
        if 0 <= retries <= attempt:
            _give_up(mapping, left, attempt)
            return
        if mapping.options.get("BisectBatchOnFunctionError") and len(left) > 1:
            middle = len(left) // 2
            _process(mapping, left[:middle])
            left = left[middle:]
        records = left
        attempt += 1
        mapping.closed.wait(delay)
        delay = min(2 * delay, _MAX_DELAY_SECONDS)


def _left_after(mapping: Mapping, records: list[Record]) -> list[Record]:
    """Invoke once; return the records from the first that failed, for order is kept."""
    numbers = [str(record["dynamodb"]["SequenceNumber"]) for record in records]
    failed = failed_items(mapping, mapping.invoke(records), set(numbers))
    if not failed:
        return []
    return records[min(numbers.index(number) for number in failed) :]


def _give_up(mapping: Mapping, records: list[Record], attempts: int) -> None:
    destination = (mapping.options.get("DestinationConfig") or {}).get("OnFailure") or {}
    if "Destination" not in destination:
        return
    first, last = (records[at]["dynamodb"]["SequenceNumber"] for at in (0, -1))
    notice = {
        "requestContext": {
            "functionArn": mapping.function_arn,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": attempts + 1,
        },
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "DDBStreamBatchInfo": {
            "startSequenceNumber": first,
            "endSequenceNumber": last,
            "batchSize": len(records),
            "streamArn": mapping.source_arn,
        },
    }
    send({"Arn": destination["Destination"]}, json.dumps(notice))
