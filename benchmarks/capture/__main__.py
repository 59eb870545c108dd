"""Measure what arrives of predictions through a faulty log subscription.

``python -m benchmarks.capture`` runs the real ingestion over moto; the last line of the output is
one JSON object.
"""

import argparse
import dataclasses
import json
import logging
import os
from typing import Any

from benchmarks.capture.measuring import Load, measure
from local_cloud.subscriptions.faults import Faults

SCENARIOS = {
    "no fault": Faults(),
    "duplicates": Faults(duplicate=0.3),
    "re-batching": Faults(rebatch=0.5),
    "reordering": Faults(reorder=0.3),
    "loss": Faults(drop=0.02),
    "30 s delay": Faults(delay_seconds=30),
    "90 s delay": Faults(delay_seconds=90),
    "all of them": Faults(delay_seconds=30, duplicate=0.3, rebatch=0.5, reorder=0.3, drop=0.02),
}
_COLUMNS = {
    "sent": "sent",
    "counted": "counted",
    "duplicated": "dup.",
    "lost_injected": "lost",
    "lost_reported": "reported",
    "unseen_tail": "tail",
    "recovered": "recovered",
    "profile_exact": "exact",
    "dynamodb_writes": "writes",
    "dynamodb_write_units": "units",
    "dynamodb_bytes": "bytes",
    "feature_lateness_p95_s": "late p95",
    "predictions_lacking_an_event": "lacking",
}


def main() -> None:
    """Read the arguments, measure each scenario, print a table and a line of JSON."""
    arguments = _arguments()
    load = Load(**vars(arguments))
    # moto takes any credentials; none of the caller's are used.
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ[name] = "none"
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    os.environ.pop("AWS_ENDPOINT_URL", None)
    logging.disable(logging.INFO)
    print(f"{'':<14}" + "".join(f"{title:>11}" for title in _COLUMNS.values()))
    results: dict[str, dict[str, Any]] = {}
    for name, faults in SCENARIOS.items():
        results[name] = measure(load, dataclasses.replace(faults, seed=load.seed))
        cells = (f"{results[name][column]!s:>11}" for column in _COLUMNS)
        print(f"{name:<14}" + "".join(cells), flush=True)
    print(json.dumps({"load": dataclasses.asdict(load), "scenarios": results}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capture", description=__doc__)
    parser.add_argument("--predictions", type=int, default=1_500)
    parser.add_argument("--environments", type=int, default=3)
    parser.add_argument("--rate", type=float, default=10.0, help="predictions per second")
    parser.add_argument("--flush-seconds", type=float, default=5.0, help="between deliveries")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
