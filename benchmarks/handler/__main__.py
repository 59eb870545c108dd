"""Measure the predict function's handler in process, from event to answer.

``python -m benchmarks.handler`` trains a bundle of each model on a small world, or takes those that
``--jobs`` holds, and a model of thirty numbers as `benchmarks.serving` has it. The network alone is
replaced: routing and states of users and merchants come from memory, and their look-ups are not
counted. Record lines go to a file. The last line of the output is one JSON object, in microseconds.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.handler.bundles import trained_jobs
from benchmarks.handler.cases import TABULAR, Case, cases_of, tabular_case
from benchmarks.handler.measuring import measure
from mlops_platform.config.models import MODELS

_COLUMNS: Final = ("p50", "p95", "p99")


def main() -> None:
    """Read the arguments, measure each model, print a table and a line of JSON."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="handler-") as name:
        results = {
            case.name: measure(case, arguments.requests) for case in _cases(Path(name), arguments)
        }
    for case, result in results.items():
        _show(case, result)
    print(json.dumps({"unit": "us", "requests": arguments.requests, "handlers": results}))


def _cases(scratch: Path, arguments: argparse.Namespace) -> Iterator[Case]:
    models = [name for name in arguments.models if name != TABULAR]
    jobs = trained_jobs(arguments.jobs or scratch, models)
    if TABULAR in arguments.models:
        yield tabular_case(scratch, arguments.seed)
    for model in models:
        yield from cases_of(
            model,
            jobs[model],
            scratch,
            n_requests=arguments.requests,
            n_items=arguments.items,
            seed=arguments.seed,
        )


def _show(case: str, result: Mapping[str, Any]) -> None:
    print(f"\n{case:<32}" + "".join(f"{column:>10}" for column in _COLUMNS))
    for stage, figures in {
        "handler": result["handler"],
        "handler, CPU": result["handler_cpu"],
        **result["stages"],
    }.items():
        print(f"  {stage:<30}" + "".join(f"{figures[column]:>10.1f}" for column in _COLUMNS))


def _arguments() -> argparse.Namespace:
    names = [TABULAR, *(model.name for model in MODELS)]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.handler", description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000, help="timed, of each model")
    parser.add_argument("--items", type=int, default=10_000, help="of the large catalogue")
    parser.add_argument("--models", nargs="+", choices=names, default=names, help="by name")
    parser.add_argument("--jobs", type=Path, help="folder of jobs to take, or to train and keep")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
