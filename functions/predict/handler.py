"""Predict with one model: the body of every `/ml/{model}/…` route."""

import functools
from typing import Any

from mlops_platform.config.predict_settings import PredictSettings
from mlops_platform.serving.http import Answer, answers_problems, read_request
from mlops_platform.serving.predict_service import PredictService
from mlops_platform.serving.release_checks import asks_about_release


@functools.cache
def service() -> PredictService:
    """Return the model's service, made once per execution environment."""
    return PredictService.from_settings(PredictSettings.from_environment())


@answers_problems
def answer(event: dict[str, Any], _context: Any) -> Answer:
    """Answer an API Gateway payload-2.0 request."""
    return service().answer(read_request(event))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a request, or what a release asks; its errors go to the state machine by name."""
    if asks_about_release(event):
        return service().releases.answer(event)
    return answer(event, context)
