"""What became of the predicted transactions, told as it becomes known."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from benchmarks.demo.plan import SERVED_SINCE, WORLD
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.monitoring.feedback import MAX_LABELS
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.discovery import discover

_TIMEOUT_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.2
_ON_ITS_WAY: Final = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass
class Feedback:
    """Predictions that wait for their labels.

    Attributes
    ----------
    waiting : dict of str to str
        By transaction, the id of its prediction.
    told : int
        How many labels were sent.
    """

    waiting: dict[str, str] = field(default_factory=dict)
    told: int = 0

    def tell(self, config: MLOpsConfig, api: ApiClient, model: str, until: date) -> int:
        """Send the labels that have come by the end of a day and wait until they are joined.

        Raises
        ------
        ApiError
            The labels were not taken.
        RuntimeError
            They were taken, but not joined in time.
        """
        labels = list(self._known(until))
        for start in range(0, len(labels), MAX_LABELS):
            body = {"labels": labels[start : start + MAX_LABELS]}
            api.call("POST", f"/ml/{model}/feedback", body)
        _wait_until_joined(discover(config, "feedback_queue_url"))
        self.told += len(labels)
        return len(labels)

    def _known(self, until: date) -> Iterator[dict[str, Any]]:
        for row in WORLD.labels(SERVED_SINCE, until, until=until).to_pylist():
            prediction_id = self.waiting.pop(row["transaction_id"], None)
            if prediction_id is not None:
                yield {
                    "prediction_id": prediction_id,
                    "label": row["is_fraud"],
                    "label_timestamp": row["label_timestamp"].isoformat(),
                }


def _wait_until_joined(queue_url: str) -> None:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        answer = client("sqs").get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=[*_ON_ITS_WAY]
        )
        if not any(int(answer["Attributes"][name]) for name in _ON_ITS_WAY):
            return
        time.sleep(_POLL_SECONDS)
    raise RuntimeError(
        f"Labels were still waiting after {_TIMEOUT_SECONDS:.0f} s; the log of join_feedback says "
        "why."
    )
