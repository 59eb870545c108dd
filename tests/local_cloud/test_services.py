"""A service's tasks get ports of their own, and only their own answers count."""

import sys
import threading
from pathlib import Path

import pytest

from local_cloud.images import Image, UnsupportedImageError, read_image
from local_cloud.loopback import LoopbackRequestHandler, LoopbackServer
from local_cloud.processes import Processes
from local_cloud.workloads.container_process import ContainerProcess, plan
from local_cloud.workloads.services import Service, ServiceStartError
from local_cloud.workloads.targets import HealthCheck


def make_image(directory: Path) -> Image:
    (directory / "Dockerfile").write_text(f'FROM python\nCMD ["{sys.executable}"]\n')
    return read_image(directory)


def test_a_container_never_takes_its_own_port(tmp_path: Path) -> None:
    command = ["python", "serve", "--port=5000", "--workers", "1"]
    environment = [{"name": "PORT", "value": "5000"}, {"name": "LIMIT", "value": "15000"}]
    definition = {
        "name": "web",
        "command": command,
        "environment": environment,
        "portMappings": [{"containerPort": 5000}],
    }

    planned = plan(definition, make_image(tmp_path), {}, "eu-west-1")

    port = planned.ports[5000]
    assert port != 5000
    assert planned.command[-3:] == [f"--port={port}", "--workers", "1"]
    assert (planned.environment["PORT"], planned.environment["LIMIT"]) == (str(port), "15000")


def test_a_container_whose_port_stands_nowhere_is_refused(tmp_path: Path) -> None:
    definition = {"name": "web", "portMappings": [{"containerPort": 5000}]}

    with pytest.raises(UnsupportedImageError, match="names port 5000"):
        plan(definition, make_image(tmp_path), {}, "eu-west-1")


class Neighbour(LoopbackRequestHandler):
    """Another cloud's server: healthy; `/checked` answers once somebody has asked for health."""

    checked = threading.Event()

    def do_GET(self) -> None:  # noqa: N802 (the base's name)
        if self.path == "/health":
            self.checked.set()
        else:
            self.checked.wait()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.mark.timeout(120)
def test_the_answer_of_another_clouds_task_is_nobodys_health(tmp_path: Path) -> None:
    # Given a task that ends after its health check was answered by somebody else on its port
    neighbour = LoopbackServer(Neighbour, "neighbour")
    address = f"http://{neighbour.address}/checked"
    wait = f"import urllib.request; urllib.request.urlopen({address!r})"
    processes = Processes(tmp_path / "processes.json")
    targets: list[ContainerProcess] = []
    task = ContainerProcess(
        name="web",
        image=make_image(tmp_path),
        command=[sys.executable, "-c", wait],
        environment={},
        ports={5000: neighbour.server_address[1]},
        log_group=None,
        log_stream_prefix="",
    )

    # When a service runs it
    service = Service(
        "web",
        "eu-west-1",
        processes,
        make_process=lambda: task,
        check=HealthCheck("/health"),
        on_healthy=targets.append,
        on_end=lambda: None,
    )

    # Then it is never healthy, and no traffic goes there
    with pytest.raises(ServiceStartError, match="3 tasks ended before one was healthy"):
        service.wait_until_healthy(100)
    assert targets == []
    service.close()
    processes.stop()
    neighbour.close()
