"""Run the main job: two trainings and releases, 5,000 predictions in between, then a rollback."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.demo import report, traffic
from benchmarks.demo.admin import Admin
from benchmarks.demo.data import next_requests, upload_days
from benchmarks.demo.plan import FIRST_DAY, MODEL, N_PREDICTIONS, last_day
from benchmarks.demo.rollback import RollbackTiming, roll_back_and_forward
from benchmarks.demo.training import train_by_schedule
from mlops_platform.cli.cloud import first_key, start_cloud
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import PlatformError
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.executions import ExecutionResult
from mlops_platform.sdk.metrics_collector import MetricsCollector
from mlops_platform.sdk.training_pipeline import RELEASED_STATE

PIPE_WIDTH = 140


@dataclass(frozen=True)
class Demo:
    """The steps of the main job against one running local cloud.

    Parameters
    ----------
    cloud
        What the local cloud wrote about itself.
    config
        The platform on it, with a key.
    console
        Where progress goes.
    n_predictions
        How many are asked for between the two trainings.
    """

    cloud: dict[str, Any]
    config: MLOpsConfig
    console: Console
    n_predictions: int = N_PREDICTIONS

    def run(self) -> dict[str, Any]:
        """Go through the job and return the report."""
        api = ApiClient(self.config)
        first = self._train(0)
        timings = self._predict(api)
        second = self._train(1)
        rollback = self._roll_back()
        confirmed = api.call("GET", f"/ml/{MODEL}/health")
        self._say(f"In service now: {json.dumps(confirmed)}")
        return report.build(
            self.cloud,
            pipeline=(first, second),
            model=api.call("GET", f"/models/{MODEL}"),
            timings=timings,
            rollback=rollback,
            capture=self._count(sent=timings.requests + rollback.requests),
        )

    def _train(self, round_number: int) -> ExecutionResult:
        begin = FIRST_DAY if round_number == 0 else last_day(0) + timedelta(days=1)
        rows = upload_days(self.config, begin, last_day(round_number))
        self._say(
            f"{rows:,} transactions of {begin} to {last_day(round_number)} are in the bucket."
        )
        self._say("The daily schedule fires.")
        result = train_by_schedule(
            self.config,
            Admin(self.cloud["admin_url"]),
            round_number,
            on_state=lambda state: self._say(f"  {state}"),
        )
        if result.status != "SUCCEEDED":
            raise RuntimeError(f"Training ended as {result.status}: {result.error}: {result.cause}")
        verdict = result.output["evaluation"]
        if RELEASED_STATE not in result.states:
            raise RuntimeError(f"The gate kept the candidate back: {verdict['summary']}")
        self._say(f"Released in {result.seconds:.0f} s. {verdict['summary']}")
        return result

    def _predict(self, api: ApiClient) -> traffic.Timings:
        requests = next_requests(last_day(0), self.n_predictions)
        label = f"{self.n_predictions:,} predictions"
        pending = iter(track(requests, label, console=self.console))
        timings = traffic.send(api, MODEL, requests, on_answer=lambda: _advance(pending))
        Admin(self.cloud["admin_url"]).drain_subscriptions()
        return timings

    def _roll_back(self) -> RollbackTiming:
        timing = roll_back_and_forward(self.config, MODEL)
        self._say(
            f"Rolled back to {timing.back_to} in {timing.seconds_to_effect:.1f} s under "
            f"{timing.requests_per_second} requests/s, and forward again to {timing.forward_to}; "
            f"{timing.failed_requests} of {timing.requests} requests failed."
        )
        return timing

    def _count(self, sent: int) -> dict[str, int]:
        """Ask the platform what it counted of all that was sent."""
        Admin(self.cloud["admin_url"]).drain_subscriptions()
        counted = MetricsCollector(self.config).report_losses(MODEL)
        return {
            "sent": sent,
            "counted": counted.counted,
            "duplicated": counted.repeated,
            "lost": counted.n_lost + counted.pending,
        }

    def _say(self, sentence: str) -> None:
        self.console.print(
            f"[{time.strftime('%H:%M:%S')}] {sentence}", markup=False, highlight=False
        )


def _advance(progress: Iterator[object]) -> None:
    next(progress, None)


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
        "--predictions",
        type=int,
        default=N_PREDICTIONS,
        help="how many are asked for over HTTP (default: %(default)s)",
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
            measured = Demo(cloud, config, console, given.predictions).run()
    except (PlatformError, traffic.PredictionsFailedError, RuntimeError) as error:
        console.print(f"The demo stopped. {error}", style="bold red", markup=False)
        return 1
    measured["seconds"] = round(time.monotonic() - started, 1)
    report.write(measured, given.report)
    report.show(measured, console)
    console.print(f"All of it took {measured['seconds']:.0f} s. For programs: {given.report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
