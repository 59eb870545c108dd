"""From an HTTP request's parts to an answer's, whatever server carries them."""

import secrets
import time
from dataclasses import dataclass
from typing import NamedTuple

from mlops_platform.host.metrics import HostMetrics
from mlops_platform.serving.http import (
    HttpRequest,
    answer_or_problem,
    model_and_action,
    require_json_body,
)
from mlops_platform.serving.predict_service import PredictService


class Answered(NamedTuple):
    """An HTTP answer; `headers` have small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """Answers HTTP requests with a model's service, and counts them.

    Parameters
    ----------
    service
        Answers.
    metrics
        Counts.
    """

    service: PredictService
    metrics: HostMetrics

    def answer(self, method: str, path: str, content_type: str | None, body: bytes) -> Answered:
        """Answer one request; never raises."""
        started = time.perf_counter()
        model_name, action = model_and_action(path)

        def answering() -> dict[str, object]:
            require_json_body(content_type, len(body))
            request = HttpRequest(
                method=method, model_name=model_name, action=action, body=body, started=started
            )
            return self.service.answer(request)

        answer = answer_or_problem(answering, lambda: secrets.token_hex(8))
        if action in {"predict", "batch_predict"}:
            self.metrics.observe(answer["statusCode"], time.perf_counter() - started)
        return Answered(answer["statusCode"], answer["headers"], answer["body"].encode())
