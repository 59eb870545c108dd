"""What an event source mapping says, and what a function's answer means."""

import dataclasses
import json
import threading
from typing import Any, cast

from moto.events.models import EventPattern

from local_cloud.clients import client

Record = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Mapping:
    """One event source mapping.

    Attributes
    ----------
    batch_size, window_seconds
        BatchSize and MaximumBatchingWindowInSeconds.
    reports_failures
        Whether the function answers with `batchItemFailures`.
    patterns
        FilterCriteria; empty lets everything pass.
    options
        The request, for what only one kind of source knows.
    """

    uuid: str
    source_arn: str
    function_arn: str
    region: str
    batch_size: int
    window_seconds: float
    reports_failures: bool
    patterns: tuple[str, ...]
    options: dict[str, Any] = dataclasses.field(hash=False)
    closed: threading.Event = dataclasses.field(default_factory=threading.Event, hash=False)

    def accepts(self, record: Record) -> bool:
        """Tell whether a record passes the filters; bodies of messages are read as JSON."""
        return not self.patterns or any(
            EventPattern.load(pattern).matches_event(cast("Any", record))
            for pattern in self.patterns
        )

    def invoke(self, records: list[Record]) -> dict[str, Any] | None:
        """Call the function with a batch; its answer, or None when it failed."""
        payload = json.dumps({"Records": records}).encode()
        try:
            answer = client("lambda", self.region).invoke(
                FunctionName=self.function_arn, Payload=payload
            )
        except client("lambda", self.region).exceptions.ClientError:
            return None
        if answer.get("FunctionError"):
            return None
        document = json.loads(answer["Payload"].read() or "null")
        return document if isinstance(document, dict) else {}


def read_mapping(uuid: str, function_arn: str, region: str, request: dict[str, Any]) -> Mapping:
    """Read CreateEventSourceMapping's request."""
    source = request["EventSourceArn"]
    default_size = 10 if ":sqs:" in source else 100
    filters = (request.get("FilterCriteria") or {}).get("Filters") or []
    return Mapping(
        uuid=uuid,
        source_arn=source,
        function_arn=function_arn,
        region=region,
        batch_size=int(request.get("BatchSize") or default_size),
        window_seconds=float(request.get("MaximumBatchingWindowInSeconds") or 0),
        reports_failures="ReportBatchItemFailures" in (request.get("FunctionResponseTypes") or []),
        patterns=tuple(each["Pattern"] for each in filters),
        options=dict(request),
    )


def failed_items(mapping: Mapping, answer: dict[str, Any] | None, known: set[str]) -> set[str]:
    """Return the identifiers of a batch that must be tried again.

    Parameters
    ----------
    answer
        What `Mapping.invoke` returned.
    known
        The identifiers in the batch.

    Returns
    -------
    set of str
        All of them when the function failed or its report cannot be read, as Lambda does.
    """
    if answer is None:
        return known
    if not mapping.reports_failures:
        return set()
    failures = answer.get("batchItemFailures") or []
    named = {
        each.get("itemIdentifier") if isinstance(each, dict) else None
        for each in (failures if isinstance(failures, list) else [None])
    }
    return {str(each) for each in named} if named <= known else known
