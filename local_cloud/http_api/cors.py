"""Cross-origin answers of an API with a CORS configuration."""

from typing import Any

from local_cloud.http_api.messages import Request, Response


class Cors:
    """Adds CORS headers and answers preflight requests, as API Gateway does by itself."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._configuration = configuration
        self._origins: list[str] = configuration.get("AllowOrigins", [])

    def answer_preflight(self, request: Request) -> Response | None:
        """Return the answer to an OPTIONS request with an Origin, None for any other request."""
        preflight = request.method == "OPTIONS" and "origin" in request.headers
        if not self._configuration or not preflight:
            return None
        headers = self.headers(request)
        for name, key in (
            ("access-control-allow-methods", "AllowMethods"),
            ("access-control-allow-headers", "AllowHeaders"),
        ):
            if key in self._configuration:
                headers.append((name, ",".join(self._configuration[key])))
        if "MaxAge" in self._configuration:
            headers.append(("access-control-max-age", str(self._configuration["MaxAge"])))
        return Response(204, headers if self._allows(request) else [], b"")

    def headers(self, request: Request) -> list[tuple[str, str]]:
        """Return the headers that a response to `request` gets."""
        if not self._configuration or not self._allows(request):
            return []
        origin = "*" if "*" in self._origins else request.headers["origin"]
        headers = [("access-control-allow-origin", origin)]
        if self._configuration.get("AllowCredentials"):
            headers.append(("access-control-allow-credentials", "true"))
        if exposed := self._configuration.get("ExposeHeaders"):
            headers.append(("access-control-expose-headers", ",".join(exposed)))
        return headers

    def _allows(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is not None and ("*" in self._origins or origin in self._origins)
