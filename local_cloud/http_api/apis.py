"""All HTTP APIs of a cloud."""

from collections.abc import Callable
from typing import Any

from local_cloud.functions.service import FunctionService
from local_cloud.http_api.api import HttpApi
from local_cloud.http_api.proxy import Proxy
from local_cloud.http_api.server import ApiServer


class HttpApis:
    """Starts a server per API and hands it the parts that its stack creates."""

    def __init__(
        self,
        service: FunctionService,
        port_of_listener: Callable[[str], int],
        account_id: str,
        region: str,
    ) -> None:
        self._service = service
        self._port_of_listener = port_of_listener
        self._account_id = account_id
        self._region = region
        self._servers: dict[str, ApiServer] = {}

    def add(self, api_id: str, properties: dict[str, Any]) -> str:
        """Serve a new API; return its endpoint, `http://127.0.0.1:<port>`."""
        api = HttpApi(
            api_id,
            properties,
            self._service,
            Proxy(self._port_of_listener),
            self._account_id,
            self._region,
        )
        self._servers[api_id] = ApiServer(api)
        return self._servers[api_id].endpoint

    def record(self, api_id: str, kind: str, physical_id: str, properties: dict[str, Any]) -> None:
        """Add a route, integration, authorizer or stage to an API."""
        self._servers[api_id].api.record(kind, physical_id, properties)

    def remove(self, api_id: str) -> None:
        """Stop serving an API."""
        self._servers.pop(api_id).close()

    def close(self) -> None:
        """Stop serving all of them."""
        for api_id in list(self._servers):
            self.remove(api_id)
