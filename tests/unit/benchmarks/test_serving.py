"""The serving benchmark's own instruments, and its model under our host."""

import contextlib
import dataclasses
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

from benchmarks.memory_service import service_in_memory
from benchmarks.serving.comparing import Comparison, Plan
from benchmarks.serving.contestant import Contestant
from benchmarks.serving.cores import SERVER_CORE, on_core
from benchmarks.serving.in_memory_host import load
from benchmarks.serving.load import ConnectionBrokenError, ask, http_request, run_load
from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.our_host import our_host
from benchmarks.serving.peers.catalogue import PEERS
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.server import Server, ServerFailedError, cpu_seconds, running
from benchmarks.serving.tabular.signature import FEATURE_NAMES, MODEL_NAME
from benchmarks.serving.tabular.training import train
from local_cloud.loopback import LoopbackRequestHandler, LoopbackServer
from mlops_platform.errors import RequestValidationError
from mlops_platform.serving.http import HttpRequest
from mlops_platform.serving.predict_service import PredictService


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return train(tmp_path_factory.mktemp("model"), seed=1)


@pytest.fixture
def service(model: ModelFiles) -> PredictService:
    return service_in_memory(MODEL_NAME, load(MODEL_NAME, model.bundle), {})


class Echo(LoopbackRequestHandler):
    """Answers a body with itself, in two parts; "refuse" with 500, "hang up" not at all."""

    # The bodies of each connection, in order.
    seen: ClassVar[dict[tuple[str, int], list[bytes]]] = {}

    def do_POST(self) -> None:  # noqa: N802 - the standard library calls it so
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.setdefault(self.client_address, []).append(body)
        if body == b'"hang up"':
            self.close_connection = True
            return
        self.send_response(500 if body == b'"refuse"' else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:1])
        time.sleep(0.001)
        self.wfile.write(body[1:])


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    Echo.seen.clear()
    server = LoopbackServer(Echo, "echo")
    yield "127.0.0.1", server.server_address[1]
    server.close()


def bodies(address: tuple[str, int], *texts: str) -> list[bytes]:
    return [http_request(address, "/", json.dumps(text).encode()) for text in texts]


def echoing(port: int) -> Server:
    return Server(
        name="echo",
        command=[sys.executable, "-c", "import time; time.sleep(60)"],
        environment=os.environ,
        folder=Path.cwd(),
        port=port,
        path="/",
        body=lambda row: [row[0]],
        probability=lambda answer: answer[0],
    )


def test_an_answer_that_comes_in_parts_is_read_whole(address: tuple[str, int]) -> None:
    (request,) = bodies(address, "a text")
    assert ask(address, request) == (True, b'"a text"')


def test_every_client_asks_again_and_again_and_begins_elsewhere(address: tuple[str, int]) -> None:
    load = run_load(address, bodies(address, "a", "b", "c", "d"), n_clients=2, seconds=0.2)
    n_seen = sum(map(len, Echo.seen.values()))
    assert len(load.latencies_ms) == n_seen > 8
    assert load.requests_per_second == pytest.approx(n_seen / load.seconds)
    assert {asked[0] for asked in Echo.seen.values()} == {b'"a"', b'"c"'}
    assert min(load.latencies_ms) >= 1.0
    assert load.errors == 0
    assert 0 < load.busy < 1


def test_answers_that_are_no_success_are_counted(address: tuple[str, int]) -> None:
    load = run_load(address, bodies(address, "a", "refuse"), n_clients=1, seconds=0.1)
    assert load.errors == len(load.latencies_ms) // 2 > 0


def test_a_connection_that_breaks_ends_the_measurement(address: tuple[str, int]) -> None:
    with pytest.raises(ConnectionBrokenError, match="closed"):
        run_load(address, bodies(address, "a", "hang up"), n_clients=1, seconds=5.0)


def test_a_server_that_answers_otherwise_is_not_measured(
    address: tuple[str, int], model: ModelFiles
) -> None:
    rows = model.rows.tolist()
    contestant = Contestant.of(echoing(address[1]), rows, model.expected.tolist())
    with pytest.raises(ServerFailedError, match="speed means nothing"):
        contestant.largest_difference()
    right = Contestant.of(echoing(address[1]), rows, [row[0] for row in rows])
    assert right.largest_difference() == 0.0


def test_a_program_that_ends_is_told_with_its_last_words() -> None:
    script = "print('no such model'); raise SystemExit(3)"
    server = dataclasses.replace(echoing(1), command=[sys.executable, "-c", script])
    with (
        pytest.raises(ServerFailedError, match="no such model"),
        running(server, lambda: False),
    ):
        pass


def test_a_server_runs_on_its_core_and_leaves_nothing_behind() -> None:
    workers = "import subprocess; subprocess.run(['sleep', '60'], start_new_session=True)"
    server = dataclasses.replace(echoing(1), command=[sys.executable, "-c", workers])

    def has_worker() -> bool:
        # Other tests' programs are this process's children, too, and may end while one looks.
        return any(
            each.children()
            for each in psutil.process_iter(["cmdline", "ppid"])
            if each.info["ppid"] == os.getpid() and workers in (each.info["cmdline"] or ())
        )

    with running(server, has_worker) as leader:
        (worker,) = psutil.Process(leader).children()
        assert worker.cpu_affinity() == [SERVER_CORE]
        assert cpu_seconds(leader) > 0
    assert not worker.is_running()
    assert not psutil.pid_exists(leader)


def test_a_core_is_given_back() -> None:
    before = os.sched_getaffinity(0)
    with contextlib.suppress(KeyError), on_core(SERVER_CORE):
        assert os.sched_getaffinity(0) == {SERVER_CORE}
        raise KeyError
    assert os.sched_getaffinity(0) == before


def test_a_peer_finds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "ours")
    environment = peer_environment(GRAPH="model.onnx")
    assert "PYTHONPATH" not in environment
    assert environment["GRAPH"] == "model.onnx"


def test_every_peer_has_pinned_requirements() -> None:
    folder = Path("benchmarks/serving/peers")
    for name in PEERS:
        pins = (folder / f"{name}.txt").read_text().splitlines()
        assert any(pin.startswith(f"{name}==") for pin in pins)
        assert all("==" in pin for pin in pins)


def test_the_model_is_served_as_xgboost_answers_it(
    model: ModelFiles, service: PredictService, capsys: pytest.CaptureFixture[str]
) -> None:
    row = dict(zip(FEATURE_NAMES, model.rows[0].tolist(), strict=True))
    answer = service.answer(_request(row))
    probability = json.loads(answer["body"])["prediction"]["probability"]
    assert probability == pytest.approx(float(model.expected[0]), abs=1e-5)
    record = json.loads(capsys.readouterr().out)
    assert record["features"] == row
    assert record["output"] == {"probability": probability}


@pytest.mark.parametrize("wrong", [{"feature_07": "x"}, {"feature_30": 1.0}, {"feature_07": None}])
def test_every_field_is_checked(
    model: ModelFiles, service: PredictService, wrong: dict[str, object]
) -> None:
    row = dict(zip(FEATURE_NAMES, model.rows[0].tolist(), strict=True)) | wrong
    with pytest.raises(RequestValidationError) as refused:
        service.answer(_request(row))
    assert [problem["field"] for problem in refused.value.problems] == [
        f"features.{next(iter(wrong))}"
    ]


def test_our_host_is_compared_and_a_server_that_does_not_start_is_named(model: ModelFiles) -> None:
    failing = dataclasses.replace(echoing(1), command=[sys.executable, "-c", "raise SystemExit"])
    told: list[str] = []
    plan = Plan(clients=[1, 2], rounds=2, seconds=0.2)
    comparison = Comparison(plan=plan, tell=told.append)
    comparison.run([our_host(model), Contestant.of(failing, [[0.0]], [0.0])])
    assert list(comparison.failures) == ["echo"]
    assert told[-2:] == ["round 1 of 2", "round 2 of 2"]
    (ours,) = comparison.results.values()
    assert ours["largest_difference"] <= 1e-5
    for summary in ours["clients"].values():
        assert summary["errors"] == 0
        assert summary["requests_per_second"] > 0
        assert 0 < summary["p50_ms"] <= summary["p95_ms"]
    assert list(ours["clients"]) == ["1", "2"]


def _request(row: dict[str, object]) -> HttpRequest:
    return HttpRequest(
        method="POST",
        model_name=MODEL_NAME,
        action="predict",
        body=json.dumps({"features": row}).encode(),
        started=time.perf_counter(),
    )
