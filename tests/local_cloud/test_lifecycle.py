"""`up` and `down`: what a cloud leaves behind, also when it is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from local_cloud.state import CloudAlreadyRunningError, CloudState
from mlops_platform.cli.cloud import start_cloud
from tests.local_cloud.assemblies import Assembly

NewAssembly = Callable[[], Assembly]

_ROOT = Path(__file__).resolve().parents[2]
_READY = "Details:"


class RunningCloud:
    """`python -m local_cloud up` in a process of its own."""

    def __init__(self, assembly: Path, state: Path) -> None:
        self.state = state
        command = [sys.executable, "-m", "local_cloud", "up", "--assembly", str(assembly)]
        self.process = subprocess.Popen(
            [*command, "--state", str(state)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.printed = ""
        while _READY not in self.printed:
            line = self.process.stdout.readline()
            assert line, "the cloud ended before it was ready"
            self.printed += line

    def facts(self) -> Any:
        return json.loads((self.state / "cloud.json").read_text())

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def running(new_assembly: NewAssembly, tmp_path: Path) -> Iterator[RunningCloud]:
    """A cloud whose function has one warm process."""
    assembly = new_assembly()
    source = "import os\ndef handler(event, context):\n    return os.getpid()\n"
    function = assembly.add_function("Function", source)
    assembly.add_resource("Api", "AWS::ApiGatewayV2::Api", {"Name": "a", "ProtocolType": "HTTP"})
    parts: dict[str, dict[str, Any]] = {
        "Stage": {"StageName": "$default"},
        "Integration": {"IntegrationType": "AWS_PROXY", "IntegrationUri": function},
        "Route": {
            "RouteKey": "GET /",
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
        },
    }
    for kind, properties in parts.items():
        properties["ApiId"] = {"Ref": "Api"}
        assembly.add_resource(kind, f"AWS::ApiGatewayV2::{kind}", properties)
    url = {"Fn::GetAtt": ["Api", "ApiEndpoint"]}
    parameter = {"Name": "/url", "Type": "String", "Value": url}
    assembly.add_resource("Url", "AWS::SSM::Parameter", parameter)
    cloud = RunningCloud(assembly.write(), tmp_path / "state")
    yield cloud
    cloud.kill()


def warm_process(cloud: RunningCloud) -> psutil.Process:
    facts = cloud.facts()
    source = (
        "import boto3; print(boto3.client('ssm').get_parameter(Name='/url')['Parameter']['Value'])"
    )
    url = subprocess.run(
        [sys.executable, "-c", source],
        env={**os.environ, **facts["environment"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    process = psutil.Process(urllib3.request("GET", url).json())
    children = urllib3.request("GET", f"{facts['admin_url']}/processes").json()
    assert process.pid in [child["pid"] for child in children if child["kind"] == "function"]
    return process


def test_up_says_what_runs_and_down_ends_it_with_its_children(running: RunningCloud) -> None:
    process = warm_process(running)
    facts = running.facts()

    command = [sys.executable, "-m", "local_cloud", "down", "--state", str(running.state)]
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)

    assert facts["endpoint_url"] == facts["environment"]["AWS_ENDPOINT_URL"]
    assert [function["name"] for function in facts["functions"]]
    assert facts["stacks"][0]["metadata_only"] == ["AWS::IAM::Role"]
    assert "AWS::IAM::Role" in running.printed
    process.wait(10)
    running.process.communicate(timeout=10)
    assert not (running.state / "cloud.json").exists()


def test_the_children_of_a_killed_cloud_die_and_the_next_one_starts(
    running: RunningCloud, new_assembly: NewAssembly
) -> None:
    process = warm_process(running)

    running.kill()

    process.wait(10)
    again = RunningCloud(new_assembly().write(), running.state)
    assert again.facts()["pid"] == again.process.pid
    again.kill()


def test_a_second_cloud_on_the_same_state_is_refused(tmp_path: Path) -> None:
    first = CloudState(tmp_path)
    first.acquire()

    with pytest.raises(CloudAlreadyRunningError, match="local_cloud down"):
        CloudState(tmp_path).acquire()
    first.release()

    second = CloudState(tmp_path)
    second.acquire()
    second.release()


FAILURES = """
import os, pathlib, sys
from local_cloud import extensions
from local_cloud.cloud import LocalCloud

state = pathlib.Path(sys.argv[1])
before = dict(os.environ)
install = extensions.install

def install_half(core):
    raise RuntimeError("half-way")

def install_what_does_not_end(core):
    install(core)
    core.closers.callback(lambda: 1 / 0)

for broken, error in ((install_half, RuntimeError), (install_what_does_not_end, ZeroDivisionError)):
    extensions.install = broken
    try:
        with LocalCloud(state):
            pass
    except error:
        print(error.__name__, dict(os.environ) == before)
extensions.install = install
with LocalCloud(state) as cloud:
    print("again", cloud.admin.url in str(cloud.describe()))
"""


def test_a_start_that_fails_and_a_closer_that_raises_leave_nothing_behind(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", FAILURES, str(tmp_path / "state")],
        cwd=_ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert shown.splitlines() == ["RuntimeError True", "ZeroDivisionError True", "again True"]


STARTING = """
import pathlib, signal, sys
from local_cloud.state import CloudState

CloudState(pathlib.Path(sys.argv[1])).acquire()
print("locked", flush=True)
signal.pause()
"""


def test_down_ends_a_cloud_that_is_still_starting(tmp_path: Path) -> None:
    # Given a cloud that has taken its state directory and nothing more, with a dead one's leftovers
    (tmp_path / "lock").write_text("999999999")
    (tmp_path / "training" / "old").mkdir(parents=True)
    starting = subprocess.Popen(
        [sys.executable, "-c", STARTING, str(tmp_path)], cwd=_ROOT, stdout=subprocess.PIPE
    )
    assert starting.stdout is not None
    assert starting.stdout.readline() == b"locked\n"

    # When it is taken down
    shown = subprocess.run(
        [sys.executable, "-m", "local_cloud", "down", "--state", str(tmp_path)],
        cwd=_ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=20,
    ).stdout

    # Then it has ended, and so have the leftovers
    starting.communicate()
    assert shown == f"Ended the local cloud ({starting.pid}).\n"
    assert starting.returncode == -signal.SIGTERM
    assert not (tmp_path / "training").exists()


def test_a_start_that_is_interrupted_ends_at_once(
    new_assembly: NewAssembly, tmp_path: Path
) -> None:
    # Given a cloud that has taken its state directory
    assembly = new_assembly()
    assembly.add_resource("Queue", "AWS::SQS::Queue")
    state = tmp_path / "state"
    command = [sys.executable, "-m", "local_cloud", "up", "--assembly", str(assembly.write())]
    cloud = subprocess.Popen(
        [*command, "--state", str(state)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    while not ((state / "lock").exists() and (state / "lock").read_text()):
        assert cloud.poll() is None

    # When it is interrupted
    cloud.send_signal(signal.SIGINT)

    # Then it never becomes ready and leaves nothing
    printed, _ = cloud.communicate(timeout=60)
    assert (cloud.returncode, printed) == (0, "")
    assert not (state / "cloud.json").exists()
    assert not (state / "processes.json").exists()


def test_an_interrupted_wait_for_a_cloud_ends_the_cloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def interrupt(process: subprocess.Popen[bytes], _: Path) -> Any:
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr("mlops_platform.cli.cloud.wait_until_ready", interrupt)

    with pytest.raises(KeyboardInterrupt):
        start_cloud(tmp_path, tmp_path / "assembly")

    assert started[0].returncode == -signal.SIGTERM
