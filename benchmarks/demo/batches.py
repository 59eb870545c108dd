"""Predictions in batches, where nobody waits for the single one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mlops_platform.sdk.api_client import ApiClient

# One read of DynamoDB holds the features of all: those of more may come too late on a busy machine,
# and the model would answer without them.
BATCH_SIZE: Final = 50


def send_batches(
    api: ApiClient,
    model: str,
    requests: Sequence[dict[str, Any]],
    *,
    on_answer: Callable[[], object] = lambda: None,
) -> list[str]:
    """Ask for predictions batch by batch, in order; return each one's `prediction_id`.

    Raises
    ------
    ApiError
        A batch was not answered with predictions.
    """
    ids: list[str] = []
    for start in range(0, len(requests), BATCH_SIZE):
        batch = {"instances": requests[start : start + BATCH_SIZE]}
        answer = api.call("POST", f"/ml/{model}/batch_predict", batch)
        for prediction in answer["predictions"]:
            ids.append(str(prediction["prediction_id"]))
            on_answer()
    return ids
