"""Measure a running platform: ``python -m benchmarks.serving.cloud``.

The last line of the output is one JSON object; all times are milliseconds.
"""

import argparse
import json
import os
import secrets
from pathlib import Path
from typing import Any

from benchmarks.serving.cloud.empty_function import empty_function
from benchmarks.serving.cloud.measuring import Target, measure_clients, measure_one_client
from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.security.api_keys import create_api_key, revoke_api_key

_MODEL = "fraud_detection"
_ONE_CLIENT = ("compute", "lookup", "routing", "http", "empty_function")


def main() -> None:
    """Read the arguments, measure, print."""
    arguments = _arguments()
    if arguments.endpoint_file:
        cloud = json.loads(arguments.endpoint_file.read_text())
        os.environ.update(cloud["environment"])
    report = measure(arguments.requests, arguments.clients)
    _print_table(report)
    print(json.dumps(report))


def measure(n_requests: int, n_clients: int) -> dict[str, Any]:
    """Measure with a key and an empty function that are gone afterwards."""
    config = MLOpsConfig()
    table = discover(config, "api_key_table")
    key = create_api_key(table, "benchmark", ["predict"])
    # Each run's transactions are new ones, or the second run would update no features.
    seed = secrets.randbelow(1 << 31)
    warm_up = max(20, n_requests // 20)
    try:
        with empty_function(client("cloudformation")) as empty_url:
            url = f"{discover(config, 'api_url').rstrip('/')}/ml/{_MODEL}/predict"
            target = Target(predict_url=url, empty_url=empty_url, api_key=key)
            one = measure_one_client(target, n_requests, warm_up, seed)
            many = measure_clients(
                target, n_clients, max(1, n_requests // n_clients), warm_up, seed
            )
    finally:
        revoke_api_key(table, key)
    return {"model": _MODEL, "requests": n_requests, "one_client": one, "many_clients": many}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving.cloud", description=__doc__)
    parser.add_argument(
        "--endpoint-file",
        type=Path,
        help="the local cloud's cloud.json; without it, AWS as the environment has it",
    )
    parser.add_argument("--requests", type=int, default=1_000, help="predictions per measurement")
    parser.add_argument("--clients", type=int, default=8, help="clients that ask at once")
    return parser.parse_args()


def _print_table(report: dict[str, Any]) -> None:
    one, many = report["one_client"], report["many_clients"]
    print(f"{'milliseconds':<28}{'p50':>10}{'p95':>10}{'p99':>10}")
    rows = [(name, one[name]) for name in _ONE_CLIENT]
    rows.append((f"http, {many['clients']} clients", many))
    for name, values in rows:
        print(f"{name:<28}{values['p50']:>10}{values['p95']:>10}{values['p99']:>10}")
    print(f"{many['clients']} clients: {many['requests_per_second']} requests per second")
    print(f"answers without their look-up: {one['degraded_share']:.1%}")


if __name__ == "__main__":
    main()
