"""The HTTP API's routes about models in production: feedback, performance and drift."""

import functools
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import AnswerMonitoringSettings
from mlops_platform.errors import PlatformError
from mlops_platform.monitoring.monitoring_service import MonitoringService
from mlops_platform.observability.logging import logger
from mlops_platform.registry.control_http import (
    json_response,
    problem_response,
    unexpected_response,
    unknown_route_response,
)

app = APIGatewayHttpResolver()


@functools.cache
def service() -> MonitoringService:
    """Return the monitoring side, made once per execution environment."""
    return MonitoringService.from_settings(AnswerMonitoringSettings.from_environment())


@app.post("/ml/<model>/feedback")
def feedback(model: str) -> Response[str]:
    """Take labels of predictions."""
    body = app.current_event.decoded_body or ""
    return json_response(service().take_feedback(model, body), status=202)


@app.get("/models/<model>/performance")
def performance(model: str) -> Response[str]:
    """Report how well and how fast a model answered."""
    period = app.current_event.get_query_string_value("period", "day")
    return json_response(service().performance(model, period))


@app.get("/models/<model>/drift")
def drift(model: str) -> Response[str]:
    """Report how far what a model sees has moved from its training."""
    since = app.current_event.get_query_string_value("since")
    return json_response(service().drift(model, since))


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
