"""An HTTP API's private integration: requests are passed on through a VPC link."""

from collections.abc import Callable

import urllib3

from local_cloud.http_api.messages import Request, Response, message_response

# Of one connection, not of the message: each side has its own.
_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "te", "transfer-encoding"}
_MAX_CONNECTIONS = 64


class Proxy:
    """Passes requests on to load balancers within the network, and their answers back.

    Parameters
    ----------
    port_of_listener
        Returns the loopback port that stands for a listener.
    """

    def __init__(self, port_of_listener: Callable[[str], int]) -> None:
        self._port_of_listener = port_of_listener
        self._connections = urllib3.PoolManager(maxsize=_MAX_CONNECTIONS)

    def pass_on(
        self, listener_arn: str, request: Request, path: str, limit_seconds: float
    ) -> Response:
        """Ask a listener's target; whoever does not answer in time is unavailable."""
        headers = {
            name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP
        }
        query = f"?{request.query}" if request.query else ""
        url = f"http://127.0.0.1:{self._port_of_listener(listener_arn)}{path}{query}"
        try:
            answer = self._connections.request(
                request.method,
                url,
                body=request.body,
                headers={**headers, "x-forwarded-for": request.source_ip},
                timeout=limit_seconds,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError:
            return message_response(503, "Service Unavailable")
        kept = [
            (name.lower(), value)
            for name, value in answer.headers.items()
            if name.lower() not in _HOP_BY_HOP
        ]
        return Response(answer.status, kept, answer.data)

    def close(self) -> None:
        """Close the connections."""
        self._connections.clear()
