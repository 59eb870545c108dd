"""A poller for every event source mapping of a queue or a table's stream."""

import logging
import threading
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.dynamodb.models.table import StreamShard

from local_cloud.bell import Bell
from local_cloud.event_sources import queue_poller, stream_poller
from local_cloud.event_sources.mapping import Mapping, read_mapping
from local_cloud.patching import replace

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0


class EventSources:
    """Runs the pollers."""

    def __init__(self) -> None:
        self._mappings: dict[str, Mapping] = {}
        self._stream_bell = Bell()

    def add(self, mapping: Mapping) -> None:
        """Start polling for a mapping."""
        self._mappings[mapping.uuid] = mapping
        name = f"poller-{mapping.source_arn.split(':')[-1]}"
        threading.Thread(target=self._poll, args=(mapping,), name=name, daemon=True).start()

    def remove(self, uuid: str) -> None:
        """Stop polling for a mapping; unknown ones are ignored."""
        mapping = self._mappings.pop(uuid, None)
        if mapping:
            mapping.closed.set()
            self._stream_bell.ring()

    def stop(self) -> None:
        """Stop all pollers."""
        for uuid in list(self._mappings):
            self.remove(uuid)

    def ring(self) -> None:
        """Say that a table was written to."""
        self._stream_bell.ring()

    def _poll(self, mapping: Mapping) -> None:
        while not mapping.closed.is_set():
            try:
                if ":sqs:" in mapping.source_arn:
                    queue_poller.poll(mapping)
                else:
                    stream_poller.poll(mapping, self._stream_bell)
            except Exception:
                if not mapping.closed.wait(_PAUSE_SECONDS):
                    logger.exception("The poller of %s begins anew", mapping.source_arn)


def install(sources: EventSources) -> None:
    """Let mappings of queues and tables be polled instead of called back."""

    def create(self: LambdaBackend, spec: dict[str, Any]) -> Any:
        created = moto_create(self, spec)
        if ":sqs:" in created.event_source_arn or ":dynamodb:" in created.event_source_arn:
            _disconnect(self, created)
            sources.add(
                read_mapping(created.uuid, created.function_arn, self.region_name, dict(spec))
            )
        return created

    def delete(self: LambdaBackend, uuid: str) -> Any:
        sources.remove(uuid)
        return moto_delete(self, uuid)

    def add_record(self: StreamShard, old: Any, new: Any) -> None:
        moto_add_record(self, old, new)
        sources.ring()

    moto_create = replace(LambdaBackend, "create_event_source_mapping", create)
    moto_delete = replace(LambdaBackend, "delete_event_source_mapping", delete)
    moto_add_record = replace(StreamShard, "add", add_record)


def _disconnect(backend: LambdaBackend, created: Any) -> None:
    """Take away moto's own, synchronous connection."""
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 (moto's import cycles)
    from moto.sqs.models import sqs_backends  # noqa: PLC0415 (as above)

    account, region = backend.account_id, backend.region_name
    for queue in sqs_backends[account][region].queues.values():
        if queue.queue_arn == created.event_source_arn:
            queue.lambda_event_source_mappings.pop(created.function_arn, None)
    for table in dynamodb_backends[account][region].tables.values():
        if table.latest_stream_label and created.event_source_arn.startswith(table.table_arn):
            table.lambda_event_source_mappings.pop(created.function_arn, None)
