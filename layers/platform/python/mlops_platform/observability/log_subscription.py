"""What a CloudWatch Logs subscription delivers: prediction records, gzipped in base64."""

import base64
import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mlops_platform.observability.logging import logger

_CONTROL, _DATA = "CONTROL_MESSAGE", "DATA_MESSAGE"
_SHOWN_CHARACTERS = 500


@dataclass(kw_only=True)
class Delivery:
    """The prediction records of one delivery, and how many lines could not be read as one."""

    records: list[dict[str, Any]] = field(default_factory=list)
    n_unreadable: int = 0

    def refuse(self, line: str, reason: Exception) -> None:
        """Count and log a line that cannot be used, so that it is not lost silently."""
        self.n_unreadable += 1
        logger.error(
            "unreadable prediction record",
            extra={"line": line[:_SHOWN_CHARACTERS], "reason": repr(reason)},
        )


def read_delivery(event: Mapping[str, Any]) -> Delivery:
    """Read a subscription's event; the messages by which CloudWatch tests the way are skipped."""
    payload = orjson.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    delivery = Delivery()
    if payload["messageType"] == _CONTROL:
        return delivery
    for log_event in payload["logEvents"]:
        line = log_event["message"]
        try:
            delivery.records.append(_read_record(line))
        except (ValueError, KeyError, TypeError) as error:
            delivery.refuse(line, error)
    return delivery


def pack_delivery(lines: Iterable[str]) -> dict[str, Any]:
    """Return the event by which a subscription would deliver some lines."""
    payload = {
        "messageType": _DATA,
        "logEvents": [{"message": line} for line in lines],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(orjson.dumps(payload))).decode()}}


def _read_record(line: str) -> dict[str, Any]:
    record: dict[str, Any] = orjson.loads(line)
    if record["record"] != "prediction":
        raise ValueError(f"This is a record of {record['record']!r}.")
    return record
