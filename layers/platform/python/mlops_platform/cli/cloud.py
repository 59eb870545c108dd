"""`mlops up` and `mlops down`: the local cloud, started beside this process."""

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import PlatformNotFoundError
from mlops_platform.sdk.discovery import discover
from mlops_platform.security.api_keys import create_api_key

START_TIMEOUT_SECONDS = 180
POLL_SECONDS = 0.2
STATE = click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=Path(".local"),
    show_default=True,
    help="Folder of the local cloud's state.",
)


@click.command()
@STATE
@click.option("--assembly", type=click.Path(path_type=Path), default=Path("cdk.out"))
@click.pass_obj
def up(output: Output, state: Path, assembly: Path) -> None:
    """Start the local cloud with the synthesised templates and leave it running."""
    state.mkdir(parents=True, exist_ok=True)
    cloud = start_cloud(state, assembly).description
    environment = {**cloud["environment"], "SELFMONITOR_API_KEY": first_key(cloud)}
    write_environment(state / "environment", environment)
    described = {
        "endpoint_url": cloud["endpoint_url"],
        "admin_url": cloud["admin_url"],
        "api_url": discover(MLOpsConfig(), "api_url"),
        "tracking_uri": discover(MLOpsConfig(), "tracking_uri"),
        "api_key": environment["SELFMONITOR_API_KEY"],
    }
    output.table("The local cloud runs", ("what", "where"), described.items(), described)
    output.say(f"Next: source {state / 'environment'} && mlops status")


@click.command()
@STATE
@click.pass_obj
def down(output: Output, state: Path) -> None:
    """Stop the local cloud."""
    subprocess.run([sys.executable, "-m", "local_cloud", "down", "--state", state], check=True)
    (state / "environment").unlink(missing_ok=True)
    output.say("The local cloud is down.")


@dataclass(frozen=True)
class StartedCloud:
    """A local cloud that runs as a process of its own and outlives this one unless ended.

    Parameters
    ----------
    process
        The process.
    description
        What it wrote to ``cloud.json``: addresses, stacks, functions, AWS variables.
    """

    process: "subprocess.Popen[bytes]"
    description: dict[str, Any]

    def stop(self) -> None:
        """End the cloud with its children and wait until it is gone."""
        self.process.terminate()
        self.process.wait()


def start_cloud(state: Path, assembly: Path) -> StartedCloud:
    """Start the local cloud, wait until it is ready, and take over its AWS variables.

    Raises
    ------
    PlatformNotFoundError
        It ended, or was not ready in time; the message names its log.
    """
    log = state / "cloud.log"
    command = [sys.executable, "-m", "local_cloud", "up"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--assembly", assembly, "--state", state],
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        description = wait_until_ready(process, state)
    except BaseException:
        # Whoever interrupts the start wants no cloud that goes on starting.
        process.terminate()
        process.wait()
        raise
    os.environ.update(description["environment"])
    return StartedCloud(process, description)


def wait_until_ready(process: "subprocess.Popen[bytes]", state: Path) -> dict[str, Any]:
    """Return what the cloud that `process` starts writes to ``cloud.json``.

    Raises
    ------
    PlatformNotFoundError
        It ended, or was not ready in time; the message names its log.
    """
    ready, log = state / "cloud.json", state / "cloud.log"
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PlatformNotFoundError(f"The local cloud did not start; {log} says why.")
        # The cloud removes a dead one's file before it writes its own.
        with contextlib.suppress(FileNotFoundError):
            description: dict[str, Any] = json.loads(ready.read_text())
            if description["pid"] == process.pid:
                return description
        time.sleep(POLL_SECONDS)
    raise PlatformNotFoundError(
        f"The local cloud was not ready after {START_TIMEOUT_SECONDS} s; {log} says how far it got."
    )


def first_key(cloud: dict[str, Any]) -> str:
    """Make the key of the person who started the cloud."""
    os.environ.update(cloud["environment"])
    table = discover(MLOpsConfig(), "api_key_table")
    return create_api_key(table, "local", ["predict", "read", "operate", "approve"])


def write_environment(path: Path, environment: dict[str, str]) -> None:
    """Write variables for a shell to source, readable by their owner alone: one is a key."""
    lines = [f"export {name}={value}" for name, value in sorted(environment.items())]
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join([*lines, ""]))
