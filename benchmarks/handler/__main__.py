"""Measure the predict function's handler in process, from event to answer.

``python -m benchmarks.handler`` trains a bundle of each model on a small world, or takes those that
``--jobs`` holds. The network alone is replaced: routing and states of users and merchants come from
memory, and their look-ups are not counted. Record lines go to a file. The last line of the output
is one JSON object, in microseconds.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.handler.bundles import trained_jobs
from benchmarks.handler.large_catalogue import write_large_bundle
from benchmarks.handler.measuring import measure
from benchmarks.handler.requests import (
    Request,
    customers,
    fraud_requests,
    golden_requests,
    turn,
)
from mlops_platform.config.models import MODELS

_COLUMNS: Final = ("p50", "p95", "p99")


def main() -> None:
    """Read the arguments, measure each model, print a table and a line of JSON."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="handler-") as name:
        jobs = trained_jobs(arguments.jobs or Path(name), arguments.models)
        results = {
            case: measure(model, bundle, requests, states, arguments.requests)
            for model in arguments.models
            for case, bundle, requests, states in _cases(model, jobs[model], Path(name), arguments)
        }
    for case, result in results.items():
        _show(case, result)
    print(json.dumps({"unit": "us", "requests": arguments.requests, "handlers": results}))


def _cases(
    model: str, job: Path, scratch: Path, arguments: argparse.Namespace
) -> Sequence[tuple[str, Path, Sequence[Request], Mapping[str, bytes]]]:
    """Return name, bundle, requests and states of what is measured of one model."""
    bundle = job / "model/bundle"
    match model:
        case "fraud_detection":
            return [(model, bundle, *fraud_requests(job, arguments.requests, arguments.seed))]
        case "recommendation":
            large, n_items = scratch / "large", arguments.items
            write_large_bundle(large, bundle, n_items)
            asked = customers(n_items, arguments.requests, arguments.seed)
            name = f"{model}, {n_items:,} items"
            return [(model, bundle, golden_requests(bundle), {}), (name, large, asked, {})]
        case "selfmate":
            return [(f"{model}, 32 tokens", bundle, [turn(bundle)], {})]
    return [(model, bundle, golden_requests(bundle), {})]


def _show(case: str, result: Mapping[str, Any]) -> None:
    print(f"\n{case:<32}" + "".join(f"{column:>10}" for column in _COLUMNS))
    for stage, figures in {
        "handler": result["handler"],
        "handler, CPU": result["handler_cpu"],
        **result["stages"],
    }.items():
        print(f"  {stage:<30}" + "".join(f"{figures[column]:>10.1f}" for column in _COLUMNS))


def _arguments() -> argparse.Namespace:
    names = [model.name for model in MODELS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.handler", description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000, help="timed, of each model")
    parser.add_argument("--items", type=int, default=10_000, help="of the large catalogue")
    parser.add_argument("--models", nargs="+", choices=names, default=names, help="by name")
    parser.add_argument("--jobs", type=Path, help="folder of jobs to take, or to train and keep")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
