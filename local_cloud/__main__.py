"""`python -m local_cloud up | down | prepare`."""

# ruff: noqa: T201 (a command line program prints)

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from local_cloud.leftovers import clear_leftovers
from local_cloud.state import CloudAlreadyRunningError, CloudState

# ruff: noqa: PLC0415 (moto takes seconds to import, and `down` needs none of it)

_END_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LAYERS_DIRECTORY = Path(__file__).resolve().parents[1] / "layers"


def main() -> int:
    """Run one command; return the exit status."""
    arguments = _parse()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(arguments.run(arguments))
    except (CloudAlreadyRunningError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_cloud", description=__doc__)
    commands = parser.add_subparsers(required=True)
    up = commands.add_parser("up", help="deploy an assembly and keep it running")
    up.add_argument("--assembly", type=Path, default=Path("cdk.out"))
    up.set_defaults(run=_up)
    down = commands.add_parser("down", help="end the running cloud")
    down.set_defaults(run=_down)
    for command in (up, down):
        command.add_argument("--state", type=Path, default=Path(".local"))
    preparation = commands.add_parser("prepare", help="install the Lambda runtimes, once")
    preparation.set_defaults(run=_prepare)
    return parser.parse_args()


def _up(arguments: argparse.Namespace) -> int:
    from local_cloud.cloud import LocalCloud

    if not (arguments.assembly / "manifest.json").exists():
        raise FileNotFoundError(
            f"{arguments.assembly} holds no cloud assembly. Run `make synth` first."
        )
    for number in _END_SIGNALS:
        signal.signal(number, _end)
    with LocalCloud(arguments.state) as cloud:
        cloud.deploy(arguments.assembly)
        cloud.publish()
        _print_summary(cloud.describe(), cloud.state.cloud_file)
        threading.Event().wait()
    return 0


def _end(*_: object) -> NoReturn:
    """Leave whatever is being done, also half-way through the start, and end everything."""
    for number in _END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def _down(arguments: argparse.Namespace) -> int:
    state = CloudState(arguments.state.resolve())
    pid = state.take_over()
    clear_leftovers(state)
    state.release()
    print("No local cloud was running." if pid is None else f"Ended the local cloud ({pid}).")
    return 0


def _prepare(_: argparse.Namespace) -> int:
    from local_cloud.prepare import BUILD_DIRECTORY, FUNCTION_PYTHON, PreparationError, prepare

    try:
        interpreter = prepare(_LAYERS_DIRECTORY, BUILD_DIRECTORY)
    except PreparationError as error:
        print(error, file=sys.stderr)
        return 1
    exact = interpreter.version == FUNCTION_PYTHON
    how = "the packaged assets as they are" if exact else "layers rebuilt for it"
    print(f"Functions run on Python {interpreter.version} ({interpreter.path}) with {how}.")
    return 0


def _print_summary(facts: dict[str, Any], cloud_file: Path) -> None:
    """Say what runs, and what is only recorded."""
    print(f"The local cloud runs at {facts['endpoint_url']} (admin: {facts['admin_url']}).")
    for stack in facts["stacks"]:
        print(f"  {stack['name']}: {stack['resources']} resources")
    recorded = sorted({kind for stack in facts["stacks"] for kind in stack["metadata_only"]})
    if recorded:
        print("Recorded only, nothing of their behaviour is enforced here:")
        print(f"  {json.dumps(recorded)}")
    ignored = sorted({path for stack in facts["stacks"] for path in stack["ignored_properties"]})
    if ignored:
        print("Set in the templates, without effect here:")
        print(f"  {json.dumps(ignored)}")
    for function in facts["functions"]:
        exact = "the very asset" if function["asset_exact"] else "layers rebuilt"
        print(f"  {function['name']}: {function['unzipped_mb']} MB, {exact}")
    print(f"Details: {cloud_file}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
