"""The HTTP API beside the predictions: health, experiments, models and releases."""

import functools
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import AnswerApiSettings
from mlops_platform.config.models import model_named
from mlops_platform.errors import PlatformError
from mlops_platform.observability.logging import logger
from mlops_platform.registry.control_http import (
    json_response,
    problem_response,
    unexpected_response,
    unknown_route_response,
)
from mlops_platform.registry.control_requests import read_moment, read_promotion, read_rollback
from mlops_platform.registry.control_service import ControlService

app = APIGatewayHttpResolver()


@functools.cache
def service() -> ControlService:
    """Return the control side, made once per execution environment."""
    return ControlService.from_settings(AnswerApiSettings.from_environment())


@app.get("/health")
def health() -> Response[str]:
    """Say whether the platform's dependencies answer; 503 if one does not."""
    healthy, answers = service().health()
    return json_response(answers, status=200 if healthy else 503)


@app.get("/experiments")
def experiments() -> Response[str]:
    """List experiments with their latest runs."""
    return json_response(service().experiments())


@app.get("/models")
def models() -> Response[str]:
    """List the models."""
    return json_response(service().models())


@app.get("/models/<model>")
def model_versions(model: str) -> Response[str]:
    """Show one model with its versions."""
    return json_response(service().model(model))


@app.post("/models/<model>/promote/<stage>")
def promote(model: str, stage: str) -> Response[str]:
    """Move a version to a stage."""
    return json_response(service().promote(model, stage, read_promotion(app.current_event)))


@app.post("/models/<model>/rollback")
def roll_back(model: str) -> Response[str]:
    """Bring an earlier version back."""
    return json_response(service().roll_back(model, read_rollback(app.current_event)))


@app.get("/models/<model>/releases")
def releases(model: str) -> Response[str]:
    """Show a model's ledger, as it is or as it was at a moment."""
    return json_response(service().releases(model, read_moment(app.current_event)))


@app.route("/ml/<model>/<action>", method=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown_prediction_route(model: str, action: str) -> Response[str]:
    """Answer what no predict function answers: an unknown model, or an unknown action of one."""
    return unknown_route_response(f"/ml/{model_named(model).name}/{action}")


@app.not_found
def unknown_route(_error: Exception) -> Response[str]:
    """Answer a route that does not exist."""
    return unknown_route_response(app.current_event.path)


def unexpected_error(error: Exception) -> Response[str]:
    """Answer what nobody foresaw, without its stack."""
    return unexpected_response(error, app.lambda_context.aws_request_id)


# Called rather than written with @: Powertools leaves these two decorators without types.
app.exception_handler(PlatformError)(problem_response)
app.exception_handler(Exception)(unexpected_error)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an API Gateway payload-2.0 request."""
    return app.resolve(event, context)
