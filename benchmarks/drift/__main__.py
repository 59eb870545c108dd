"""Measure the drift decision: ``python -m benchmarks.drift --seeds 20``.

Seeds 0 to 19 are reported; the decision was tuned on seeds from 100 on (``--first 100``). Counts
are kept in ``--folder``; the last line of the output is one JSON object.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.drift.kept import keep, kept
from benchmarks.drift.measuring import Faulty, Quiet, peer_days, watch_fault, watch_quiet
from benchmarks.drift.peers import RULES
from benchmarks.drift.worlds import FAULT_AFTER_DAYS, QUIET, Watched, watch
from mlops_platform.data.world.faults import KINDS

FOLDER: Final = Path(".local/drift")
# Worlds by users, and which traffic is seen of each: all of it, or a sample of each day's.
WORLDS: Final[dict[int, dict[str, int | None]]] = {
    800: {"demo": None, "sampled": 700},
    350: {"small": None},
}
TRAFFIC: Final = {
    "demo": "800 users as in the demo, about 1,600 predictions a day",
    "sampled": "800 users, 700 predictions a day",
    "small": "350 users, about 700 predictions a day",
}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--first", type=int, default=0, help="the first one (default: 0)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"default: {FOLDER}")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    started = time.process_time()
    prepare(arguments.folder, seeds)
    prepared = time.process_time()
    report: dict[str, Any] = {
        "seeds": [seeds.start, seeds.stop - 1],
        "traffic": {name: measure(arguments.folder, seeds, name) for name in TRAFFIC},
        "cpu_seconds_preparing": round(prepared - started, 1),
        "cpu_seconds_deciding": round(time.process_time() - prepared, 1),
    }
    report["peers"] = measure_peers(arguments.folder, seeds)
    print(json.dumps(report))


def prepare(folder: Path, seeds: range) -> None:
    """Make and keep the counts that are not there yet."""
    for seed in seeds:
        for n_users, traffic in WORLDS.items():
            paths = [folder / f"{name}-{seed}.npz" for name in traffic]
            if all(path.exists() for path in paths):
                continue
            print(f"seed {seed}: a world of {n_users} users")
            for path, watched in zip(
                paths, watch(seed, n_users, list(traffic.values())), strict=True
            ):
                keep(path, watched)


def measure(folder: Path, seeds: range, traffic: str) -> dict[str, Any]:
    """Decide on every day of every world of one traffic; print and return the figures."""
    quiet, faults = Quiet(), {name: Faulty() for name in KINDS}
    for watched in _worlds(folder, seeds, traffic):
        watch_quiet(watched, quiet)
        for name, faulty in faults.items():
            watch_fault(watched, name, faulty)
    print(f"\n{TRAFFIC[traffic]}: {quiet.days} quiet days of {len(seeds)} worlds")
    print(f"  false detections {quiet.detections}, false pages {quiet.pages}", dict(quiet.names))
    figures = {name: faulty.to_dict() for name, faulty in faults.items()}
    for name, figure in figures.items():
        print(
            f"  {name:16} detected after {figure['detected_after_days']}, "
            f"paged after {figure['paged_after_days']} days; named "
            f"{figure['inputs_named_rightly']:.1f} right, {figure['inputs_named_wrongly']:.2f} "
            f"wrong {figure['wrong']}; first {figure['surest']}; score {figure['drift_score']}"
        )
    return {
        "quiet_days": quiet.days,
        "false_detections": quiet.detections,
        "false_pages": quiet.pages,
        "falsely_named": dict(quiet.names),
        "largest_quiet_score": round(max(quiet.scores), 4),
        "faults": figures,
    }


def measure_peers(folder: Path, seeds: range) -> dict[str, Any]:
    """Ask common rules about the demo's worlds; print and return the figures.

    They know neither weekdays nor that some inputs can only grow: those are left out for them.
    """
    worlds = list(_worlds(folder, seeds, "demo"))
    every_day, first_day = slice(None), slice(FAULT_AFTER_DAYS, FAULT_AFTER_DAYS + 1)
    figures: dict[str, Any] = {}
    print("\nOther rules on the demo's worlds, without calendar and lifetime inputs: drifted days")
    for title, rule in RULES.items():
        quiet = [day for watched in worlds for day in peer_days(watched, QUIET, every_day, rule)]
        found = {
            name: sum(sum(peer_days(watched, name, first_day, rule)) for watched in worlds)
            for name in KINDS
        }
        figures[title] = {"quiet_days": len(quiet), "false": sum(quiet), "first_day": found}
        print(f"  {title:34} {sum(quiet)} of {len(quiet)} quiet days; faults' first day {found}")
    return figures


def _worlds(folder: Path, seeds: range, traffic: str) -> Iterator[Watched]:
    for seed in seeds:
        watched = kept(folder / f"{traffic}-{seed}.npz")
        if watched is None:
            raise FileNotFoundError(f"{traffic}-{seed}.npz is not in {folder}: prepare it first.")
        yield watched


if __name__ == "__main__":
    main()
