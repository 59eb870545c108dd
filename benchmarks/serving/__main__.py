"""Serve one model by our host and by its peers, and measure them: ``python -m benchmarks.serving``.

Each server has one core and one process that answers, none writes an access log, all validate what
they are asked. The last line of the output is one JSON object.
"""

import argparse
import functools
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.serving.comparing import Comparison, Plan
from benchmarks.serving.contestant import Contestant
from benchmarks.serving.our_host import FRAUD, OURS, our_fraud_detection, our_host
from benchmarks.serving.peers.catalogue import PEERS, installed
from benchmarks.serving.tabular.training import train

_COLUMNS = {
    "requests_per_second": "requests/s",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "cpu_us": "CPU us",
    "errors": "errors",
}


def main() -> None:
    """Train, install, measure, print."""
    arguments = _arguments()
    plan = Plan(clients=arguments.clients, rounds=arguments.rounds, seconds=arguments.seconds)
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        report = measure(Path(name), arguments.peers, arguments.fraud, plan, arguments.seed)
    _print_table(report)
    print(json.dumps(report))


def measure(
    folder: Path, peers: list[str], fraud: Path | None, plan: Plan, seed: int
) -> dict[str, Any]:
    """Measure our host beside peers, with files in an empty folder.

    Parameters
    ----------
    folder
        Where to.
    peers
        Their names.
    fraud
        A training job whose model our host serves as well, for what it costs beside the other.
    plan, seed
        How long is measured; of the model and its rows.

    Returns
    -------
    dict
        ``servers`` and ``not_measured``, as `Comparison` has them, and by peer and number of
        clients, ``times_faster``: our requests per second as a multiple of the peer's, and
        ``times_less_cpu``: the peer's computing per request as a multiple of ours.
    """
    model = train(folder, seed)
    contestants = [our_host(model)]
    if fraud is not None:
        contestants.append(our_fraud_detection(fraud, seed))
    missing: dict[str, str] = {}
    for name in peers:
        print(f"preparing {name}", flush=True)
        own = folder / name
        own.mkdir()
        try:
            server = PEERS[name](installed(name), model, own)
        except subprocess.CalledProcessError as error:
            missing[name] = f"{error} {error.stderr}"
            print(f"{name}: {missing[name]}", flush=True)
        else:
            contestants.append(Contestant.of(server, model.rows.tolist(), model.expected.tolist()))
    comparison = Comparison(plan=plan, tell=functools.partial(print, flush=True))
    comparison.run(contestants)
    results = comparison.results
    return {
        "servers": results,
        "not_measured": missing | comparison.failures,
        "times_faster": _beside_ours(
            results, lambda our, their: our / their, "requests_per_second"
        ),
        "times_less_cpu": _beside_ours(results, lambda our, their: their / our, "cpu_us"),
    }


def _beside_ours(
    results: dict[str, Any], ratio: Callable[[float, float], float], figure: str
) -> dict[str, dict[str, float]]:
    """Return a ratio of one figure of ours and of each peer's, by number of clients."""
    if OURS not in results:
        return {}
    ours = results[OURS]["clients"]
    return {
        name: {
            n: round(ratio(ours[n][figure], theirs[figure]), 2)
            for n, theirs in result["clients"].items()
        }
        for name, result in results.items()
        if name not in {OURS, FRAUD}
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument(
        "--peers",
        nargs="*",
        choices=list(PEERS),
        default=list(PEERS),
        help="whom to measure beside our host; each is installed into .local/peers when missing",
    )
    parser.add_argument(
        "--fraud",
        type=Path,
        metavar="JOB",
        help="folder of a training job of fraud detection: our host serves that model, too, "
        "features and reasons included",
    )
    parser.add_argument("--clients", nargs="+", type=int, default=[1, 8, 32], help="at once")
    parser.add_argument("--rounds", type=int, default=3, help="around all servers")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--seed", type=int, default=0, help="of the model and its rows")
    return parser.parse_args()


def _print_table(report: dict[str, Any]) -> None:
    print(f"{'server':<12}{'clients':>8}", *(f"{title:>12}" for title in _COLUMNS.values()))
    for name, result in report["servers"].items():
        for n, values in result["clients"].items():
            print(f"{name:<12}{n:>8}", *(f"{values[figure]:>12}" for figure in _COLUMNS))
    for name, faster in report["times_faster"].items():
        less_cpu = report["times_less_cpu"][name]
        for n in faster:
            told = f"{faster[n]} x the requests/s, 1/{less_cpu[n]} of the CPU time for each"
            print(f"our host beside {name}, {n} clients: {told}")


if __name__ == "__main__":
    main()
