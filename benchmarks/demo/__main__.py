"""Run the main job: train, release, serve, notice a changed world, train again, roll back."""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.demo import report
from benchmarks.demo.admin import Admin
from benchmarks.demo.job import Demo
from benchmarks.demo.plan import N_SINGLE
from benchmarks.demo.traffic import PredictionsFailedError
from mlops_platform.cli.cloud import first_key, start_cloud
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import PlatformError

# What a log subscription may do to predictions, short of losing them.
FAULTS = {"delay_seconds": 0.1, "duplicate": 0.3, "rebatch": 0.3, "reorder": 0.3, "seed": 1}
PIPE_WIDTH = 140


@contextmanager
def local_cloud(state: Path, assembly: Path) -> Iterator[dict[str, Any]]:
    """Run a local cloud for the time of the block."""
    state.mkdir(parents=True, exist_ok=True)
    # A demo that was killed may have left its cloud behind.
    subprocess.run([sys.executable, "-m", "local_cloud", "down", "--state", state], check=False)
    cloud = start_cloud(state, assembly)
    try:
        yield cloud.description
    finally:
        cloud.stop()


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demo", description=__doc__)
    parser.add_argument(
        "--state",
        type=Path,
        # A folder of its own, beside a cloud that `make up` may have left running.
        default=Path(".local/demo"),
        help="folder of the demo's local cloud (default: %(default)s)",
    )
    parser.add_argument(
        "--report",
        type=Path,
        default=Path(".local/report.json"),
        help="where the measurements go, once all of them are made (default: %(default)s)",
    )
    parser.add_argument(
        "--assembly",
        type=Path,
        default=Path("cdk.out"),
        help="the synthesised templates (default: %(default)s)",
    )
    parser.add_argument(
        "--single",
        type=int,
        default=N_SINGLE,
        help="how many predictions are asked for one by one (default: %(default)s)",
    )
    parser.add_argument(
        "--faults",
        action="store_true",
        help="let the log subscriptions delay, repeat, cut and reorder what they deliver",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if every step went through."""
    given = parse_arguments(arguments)
    # A pipe has no width of its own; the tables need more than the usual 80.
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    started = time.monotonic()
    # Whoever finds a report shall know that this run made it.
    given.report.unlink(missing_ok=True)
    try:
        with local_cloud(given.state, given.assembly) as cloud:
            console.print(f"The local cloud is ready after {time.monotonic() - started:.0f} s.")
            config = replace(MLOpsConfig(), api_key=first_key(cloud))
            if given.faults:
                Admin(cloud["admin_url"]).set_subscription_faults(FAULTS)
            measured = Demo(cloud, config, console, given.single).run()
    except (PlatformError, PredictionsFailedError, RuntimeError) as error:
        console.print(f"The demo stopped. {error}", style="bold red", markup=False)
        return 1
    measured["seconds"] = round(time.monotonic() - started, 1)
    report.write(measured, given.report)
    report.show(measured, console)
    console.print(f"All of it took {measured['seconds']:.0f} s. For programs: {given.report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
