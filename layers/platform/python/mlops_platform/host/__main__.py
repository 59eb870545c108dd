"""Serve one model over HTTP: `python -m mlops_platform.host`, configured by its environment."""

from mlops_platform.config.host import HostSettings
from mlops_platform.host.application import make_application
from mlops_platform.host.server import serve
from mlops_platform.host.valkey_sessions import ValkeySessions
from mlops_platform.serving.conversations import Conversations
from mlops_platform.serving.predict_service import PredictService


def main() -> None:
    """Serve until SIGTERM, and then finish the requests that have begun."""
    settings = HostSettings.from_environment()
    conversations = Conversations(
        model_name=settings.model_name,
        store=ValkeySessions.from_url(settings.session_store_url, settings.session_seconds),
    )
    service = PredictService.from_settings(settings, conversations)
    serve(
        make_application(service, refresh_seconds=settings.routing_max_age_seconds / 2),
        host="0.0.0.0",  # noqa: S104 (inside the pod's own network namespace)
        port=settings.port,
    )


if __name__ == "__main__":
    main()
