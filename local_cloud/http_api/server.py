"""An HTTP/1.1 keep-alive server in front of one API."""

from local_cloud.http_api.api import MAX_BODY_BYTES, HttpApi
from local_cloud.http_api.messages import Request, Response
from local_cloud.loopback import LoopbackRequestHandler, LoopbackServer

_DRAIN_CHUNK_BYTES = 1 << 16
_IDLE_SECONDS = 75
"""API Gateway closes idle connections after this time as well."""


class ApiServer:
    """Serves an API on a loopback port, which is bound at once."""

    def __init__(self, api: HttpApi) -> None:
        self.api = api
        self._server = _Server(api)

    @property
    def endpoint(self) -> str:
        """The value of `ApiEndpoint`."""
        return f"http://{self._server.address}"

    def close(self) -> None:
        """Close the port."""
        self._server.close()
        self.api.close()


class _Server(LoopbackServer):
    def __init__(self, api: HttpApi) -> None:
        self.api = api
        super().__init__(_RequestHandler, "http-api")


class _RequestHandler(LoopbackRequestHandler):
    server: _Server
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:  # noqa: N802 (the base's name)
        self._send(self.server.api.answer(self._read_request()))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def _read_request(self) -> Request:
        path, _, query = self.path.partition("?")
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        source = str(self.client_address[0])
        return Request(
            self.command, path, query, headers, self._read_body(), source, self.request_version
        )

    def _read_body(self) -> bytes:
        """Read the body; of one that is too large, keep only enough to show that it is."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length <= MAX_BODY_BYTES:
            return self.rfile.read(length)
        # A client that is still sending would see a reset instead of the answer.
        self._drain(length)
        return bytes(MAX_BODY_BYTES + 1)

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            chunk = self.rfile.read(size)
            if len(body) <= MAX_BODY_BYTES:
                body += chunk
            self.rfile.readline()
        self.rfile.readline()
        return bytes(body)

    def _drain(self, length: int) -> None:
        while length > 0:
            read = len(self.rfile.read(min(length, _DRAIN_CHUNK_BYTES)))
            if not read:
                return
            length -= read

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 204:  # noqa: PLR2004 (No Content has no length)
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
