"""Many items of one DynamoDB table, however many requests that takes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mlops_platform.aws.backoff import pause
from mlops_platform.errors import FeatureConflictError

# DynamoDB's own limit for one BatchGetItem.
CHUNK_SIZE = 100
MAX_ATTEMPTS = 5

Item = dict[str, Any]
Fetch = Callable[[dict[str, Any]], dict[str, Any]]


def batch_get(
    fetch: Fetch, table: str, keys: Sequence[Item], *, consistent: bool = False
) -> Iterator[Item]:
    """Yield the items that exist, in no particular order.

    Parameters
    ----------
    fetch
        Calls BatchGetItem with the ``RequestItems`` given, e.g. under a deadline.
    table
        The table's name.
    keys
        Primary keys without repetition.
    consistent
        Whether writes that were just acknowledged must be seen.

    Raises
    ------
    FeatureConflictError
        The table left keys unanswered several times in a row: it is throttled.
    """
    for start in range(0, len(keys), CHUNK_SIZE):
        wanted = {
            table: {"Keys": list(keys[start : start + CHUNK_SIZE]), "ConsistentRead": consistent}
        }
        for attempt in range(MAX_ATTEMPTS):
            answer = fetch(wanted)
            yield from answer["Responses"].get(table, [])
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                break
            pause(attempt)
        else:
            raise FeatureConflictError(f"{table} is throttled; repeat the call in a while.")
