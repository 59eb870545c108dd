"""Measure the CPU that the predict function takes from its start to its first answer.

``python -m benchmarks.cold_start`` runs fresh interpreters in turn: one imports NumPy and ONNX
Runtime and loads a model's graphs, the other imports the function's handler and answers a request,
its clients talking to a moto server in this process. Each way once with compiled bytecode of
everything, as after a first start on a disk that can be written, and once with none, as the layers
ship it. The last line of the output is one JSON object, in CPU seconds.
"""

import argparse
import json
import logging
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.cold_start import cloud
from benchmarks.cold_start.starting import first_answer_seconds, yardstick_seconds
from benchmarks.handler.bundles import trained_jobs
from benchmarks.handler.in_process import http_event
from benchmarks.handler.requests import golden_requests
from mlops_platform.config.models import MODELS


def main() -> None:
    """Read the arguments, measure each model, print a table and a line of JSON."""
    arguments = _arguments()
    logging.disable(logging.WARNING)
    server, endpoint = cloud.start_server()
    # moto takes any credentials; none of the caller's are used.
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ[name] = "none"
    os.environ.update(AWS_DEFAULT_REGION="us-east-1", AWS_ENDPOINT_URL=endpoint)
    cloud.create_tables()
    results: dict[str, dict[str, Any]] = {}
    print(f"{'':<18}{'':<12}{'libraries':>12}{'function':>12}{'ratio':>8}")
    with tempfile.TemporaryDirectory(prefix="cold-start-") as scratch:
        jobs = trained_jobs(arguments.jobs or Path(scratch), arguments.models)
        for model, job in jobs.items():
            cloud.deploy(model, job / "model/bundle")
            results[model] = {
                kind: _measure(model, job / "model/bundle", endpoint, arguments.times, kind)
                for kind in ("compiled", "uncompiled")
            }
    server.stop()
    print(json.dumps({"unit": "CPU s", "times": arguments.times, "models": results}))


def _measure(model: str, bundle: Path, endpoint: str, times: int, kind: str) -> dict[str, float]:
    """Return the medians of both ways, run in turn, and their ratio."""
    compiled = kind == "compiled"
    event = http_event(model, json.dumps({"features": golden_requests(bundle)[1]}))
    libraries, function = [], []
    # The first of each brings files into memory, and bytecode onto the disk.
    for _ in range(times + 1):
        libraries.append(yardstick_seconds(bundle, compiled=compiled))
        function.append(first_answer_seconds(model, event, endpoint, compiled=compiled))
    medians = statistics.median(libraries[1:]), statistics.median(function[1:])
    ratio = medians[1] / medians[0]
    print(f"{model:<18}{kind:<12}{medians[0]:>12.3f}{medians[1]:>12.3f}{ratio:>8.2f}", flush=True)
    return {
        "libraries": round(medians[0], 3),
        "function": round(medians[1], 3),
        "ratio": round(ratio, 2),
    }


def _arguments() -> argparse.Namespace:
    names = [model.name for model in MODELS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--times", type=int, default=7, help="that each is started")
    parser.add_argument("--models", nargs="+", choices=names, default=names, help="by name")
    parser.add_argument("--jobs", type=Path, help="folder of jobs to take, or to train and keep")
    return parser.parse_args()


if __name__ == "__main__":
    main()
