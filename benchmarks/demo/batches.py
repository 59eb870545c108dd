"""Predictions in batches, where nobody waits for the single one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mlops_platform.sdk.api_client import ApiClient

BATCH_SIZE: Final = 250


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
