"""Serve one model over HTTP: `python -m mlops_platform.host`, configured by its environment."""

import uvicorn

from mlops_platform.config.host import HostSettings
from mlops_platform.host.application import make_application
from mlops_platform.host.valkey_sessions import ValkeySessions
from mlops_platform.serving.conversations import Conversations
from mlops_platform.serving.predict_service import PredictService

# Longer than the load balancer keeps a connection idle: who closes first may cut off a request.
_KEEP_ALIVE_SECONDS = 60


def main() -> None:
    """Serve until SIGTERM, and then finish the requests that have begun."""
    settings = HostSettings.from_environment()
    conversations = Conversations(
        model_name=settings.model_name,
        store=ValkeySessions.from_url(settings.session_store_url, settings.session_seconds),
    )
    service = PredictService.from_settings(settings, conversations)
    uvicorn.run(
        make_application(service, refresh_seconds=settings.routing_max_age_seconds / 2),
        host="0.0.0.0",  # noqa: S104 (inside the pod's own network namespace)
        port=settings.port,
        # Each prediction leaves a record, and the API in front of it an access log.
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
