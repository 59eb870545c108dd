"""How the application is served: uvicorn's settings, the same wherever a host runs."""

import uvicorn
from starlette.types import ASGIApp

# Longer than the load balancer keeps a connection idle: who closes first may cut off a request.
_KEEP_ALIVE_SECONDS = 60


def serve(application: ASGIApp, *, host: str, port: int) -> None:
    """Serve until SIGTERM, and then finish the requests that have begun.

    Parameters
    ----------
    application
        As `host.application` makes it.
    host, port
        Where it listens.
    """
    uvicorn.run(
        application,
        host=host,
        port=port,
        # Each prediction leaves a record, and the API in front of it an access log.
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        log_level="warning",
        # Who called the load balancer matters to nobody here, nor which server answers to callers.
        proxy_headers=False,
        server_header=False,
    )
