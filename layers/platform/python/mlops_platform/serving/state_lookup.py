"""The hot path's one look-up: stored states of a request's entities, under a deadline."""

from collections.abc import Sequence
from typing import Any

from mlops_platform.serving.batch_get import batch_get
from mlops_platform.serving.deadline import within
from mlops_platform.serving.feature_items import entity_of, key_of


def fetch_states(
    dynamodb: Any, table: str, deadline_seconds: float, entities: Sequence[str]
) -> dict[str, bytes]:
    """Return the packed states of those entities that have one.

    Eventually consistent: a state may lag a moment behind its last update, as the features'
    definition allows.

    Parameters
    ----------
    dynamodb
        The boto3 client.
    table
        The online feature table.
    deadline_seconds
        For each 100 entities.
    entities
        Without repetition.

    Raises
    ------
    TimeoutError
        The table did not answer in time.
    """
    items = batch_get(
        lambda wanted: within(
            deadline_seconds, lambda: dynamodb.batch_get_item(RequestItems=wanted)
        ),
        table,
        [key_of(entity) for entity in entities],
    )
    return {entity_of(item): item["state"]["B"] for item in items}
