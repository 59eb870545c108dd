"""The container's ASGI application: FastAPI, with the one hot route beneath it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from mlops_platform.errors import ModelNotDeployedError, PlatformError
from mlops_platform.host.exchange import Exchange
from mlops_platform.host.hot_route import HotRoute
from mlops_platform.host.metrics import HostMetrics
from mlops_platform.observability.logging import logger
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.predict_service import PredictService


def make_application(service: PredictService, *, refresh_seconds: float = 2.5) -> ASGIApp:
    """Return the application that serves one model.

    Its routes are the API's for that model, and those of the cluster: ``GET /live`` (the process
    answers), ``GET /ready`` (it can predict, or nothing is deployed yet), ``GET /metrics``.

    Parameters
    ----------
    service
        Answers requests to the model.
    refresh_seconds
        How often the routing is looked at beside the requests, so that none waits for a bundle.
    """
    exchange = Exchange(service, HostMetrics(service.predictor.model_name))
    deployments = service.predictor.deployments

    @contextlib.asynccontextmanager
    async def refreshing(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(_keep_fresh(deployments, refresh_seconds))
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    application = FastAPI(
        title=f"SelfMonitor: {service.predictor.model_name}",
        lifespan=refreshing,
        # Problems are told as RFC 9457 has it, and bodies are read by the model's own signature.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    _add_cluster_routes(application, deployments, exchange.metrics)

    @application.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request) -> Response:
        body = await request.body()
        # A batch of a thousand rows must not keep the probes waiting.
        answered = await run_in_threadpool(
            exchange.answer,
            request.method,
            request.url.path,
            request.headers.get("content-type"),
            body,
        )
        return Response(answered.body, answered.status, answered.headers)

    return HotRoute(exchange, otherwise=application)


def _add_cluster_routes(
    application: FastAPI, deployments: DeploymentCache, metrics: HostMetrics
) -> None:
    @application.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @application.get("/ready")
    async def ready(response: Response) -> dict[str, str]:
        try:
            await run_in_threadpool(deployments.current)
        except ModelNotDeployedError:
            return {"status": "nothing deployed"}
        except PlatformError as error:
            response.status_code = 503
            return {"status": str(error)}
        return {"status": "ok"}

    @application.get("/metrics")
    async def expose() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


async def _keep_fresh(deployments: DeploymentCache, seconds: float) -> None:
    """Follow the routing for as long as the application lives."""
    while True:
        try:
            await run_in_threadpool(deployments.refresh)
        except ModelNotDeployedError:
            # As before the first release; each request is told so.
            pass
        except Exception:  # noqa: BLE001 - whatever it is, the next look may succeed
            logger.exception("the routing cannot be followed")
        await asyncio.sleep(seconds)
