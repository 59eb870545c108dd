import http.server
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mlops_platform.errors import TrackingServerError
from mlops_platform.registry.mlflow_rest import MlflowRefusalError, MlflowRest
from tests.unit.registry.conftest import free_port


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.on_sleep: list[Callable[[], object]] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.on_sleep:
            self.on_sleep.pop(0)()


class Script(http.server.ThreadingHTTPServer):
    """Answers with what it was told, in order; the last answer for ever."""

    def __init__(self, port: int, answers: list[tuple[int, bytes]]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, str, Any]] = []
        super().__init__(("127.0.0.1", port), Answering)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def end(self) -> None:
        self.shutdown()
        self.server_close()


class Answering(http.server.BaseHTTPRequestHandler):
    server: Script

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET  # noqa: N815 - the base class calls it so
    do_DELETE = do_GET  # noqa: N815 - as above

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.requests.append((self.command, self.path, json.loads(body or b"null")))
        answers = self.server.answers
        status, content = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Keep the test's output for the test."""


Serve = Callable[..., Script]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def rest(clock: Clock, port: int) -> MlflowRest:
    return MlflowRest(
        f"http://127.0.0.1:{port}/", timeout_seconds=5, clock=clock, sleep=clock.sleep
    )


@pytest.fixture
def serve(port: int) -> Iterator[Serve]:
    servers: list[Script] = []

    def start(*answers: tuple[int, bytes]) -> Script:
        servers.append(Script(port, list(answers)))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


def test_requests_carry_their_arguments(rest: MlflowRest, serve: Serve) -> None:
    server = serve((200, b'{"a": 1}'))

    assert rest.get("registered-models/get", name="a b") == {"a": 1}
    assert rest.post("registered-models/create", {"name": "m"}) == {"a": 1}
    assert rest.delete("registered-models/alias", {"name": "m"}) == {"a": 1}

    prefix = "/api/2.0/mlflow"
    assert server.requests == [
        ("GET", f"{prefix}/registered-models/get?name=a+b", None),
        ("POST", f"{prefix}/registered-models/create", {"name": "m"}),
        ("DELETE", f"{prefix}/registered-models/alias", {"name": "m"}),
    ]


def test_a_server_that_comes_back_is_waited_for(
    rest: MlflowRest, serve: Serve, clock: Clock
) -> None:
    clock.on_sleep = [lambda: None, lambda: None, lambda: serve((200, b"{}"))]

    assert rest.get("experiments/search") == {}
    assert clock.now > 0


def test_errors_of_the_server_are_tried_again(rest: MlflowRest, serve: Serve) -> None:
    server = serve((503, b"starting"), (500, b""), (429, b""), (200, b'{"ok": true}'))

    assert rest.post("runs/search", {}) == {"ok": True}
    assert len(server.requests) == 4


def test_patience_ends(rest: MlflowRest, clock: Clock) -> None:
    with pytest.raises(TrackingServerError, match=r"within 60 s .* check that it runs"):
        rest.get("experiments/search")

    assert 50 < clock.now <= 60


def test_a_refusal_is_not_tried_again(rest: MlflowRest, serve: Serve) -> None:
    refusal = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such model"}
    server = serve((404, json.dumps(refusal).encode()))

    with pytest.raises(MlflowRefusalError, match="no such model") as caught:
        rest.get("registered-models/get", name="m")

    assert caught.value.code == "RESOURCE_DOES_NOT_EXIST"
    assert len(server.requests) == 1


def test_what_is_no_mlflow_is_recognised(rest: MlflowRest, serve: Serve) -> None:
    serve((200, b"<html>"))

    with pytest.raises(TrackingServerError, match="MLFLOW_TRACKING_URI"):
        rest.get("experiments/search")


def test_a_search_walks_through_all_pages(rest: MlflowRest, serve: Serve) -> None:
    server = serve(
        (200, b'{"runs": [{"n": 1}, {"n": 2}], "next_page_token": "t="}'), (200, b'{"runs": [{}]}')
    )

    assert list(rest.pages("x/search", "runs", filter="a='b'")) == [{"n": 1}, {"n": 2}, {}]
    assert server.requests[1][1].endswith("max_results=200&page_token=t%3D")


@pytest.mark.parametrize("status", [404, 500])
def test_an_unhealthy_server_is_not_healthy(rest: MlflowRest, serve: Serve, status: int) -> None:
    serve((status, b""))

    with pytest.raises(TrackingServerError):
        rest.check_health()


def test_health_is_asked_once(rest: MlflowRest, serve: Serve, clock: Clock) -> None:
    with pytest.raises(TrackingServerError):
        rest.check_health()
    serve((200, b"OK"))

    rest.check_health()

    assert clock.now == 0
