"""Time a handler: first as it is, then once more with a clock in each of its stages."""

import contextlib
import itertools
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from benchmarks.handler.cases import Case
from benchmarks.handler.in_process import http_event, predict_module
from benchmarks.handler.stages import REST, StageClock
from benchmarks.timings import quantiles

_WARM_UP: Final = 50
_OK: Final = 200
_MICRO: Final = 1e6


def measure(case: Case, n: int) -> dict[str, Any]:
    """Return quantiles, in microseconds, of the ``handler``'s time and of its ``stages``'.

    ``handler_cpu`` is what of the handler's time the thread was running: on a busy machine the rest
    is waiting for a core.

    Parameters
    ----------
    case
        What is asked of which model.
    n
        How many requests are timed, each way.

    Raises
    ------
    RuntimeError
        A request was refused.
    """
    module = predict_module(case.model_name, case.inference, case.states)
    events = itertools.cycle(
        [http_event(case.model_name, json.dumps({"features": each})) for each in case.requests]
    )
    clock = StageClock()
    stages: defaultdict[str, list[float]] = defaultdict(list)
    with _records_to_a_file():
        for event in itertools.islice(events, _WARM_UP):
            _seconds(module.handler, event)
        timed = [_seconds(module.handler, event) for event in itertools.islice(events, n)]
        with clock.watching(module, case.inference):
            for event in itertools.islice(events, n):
                clock.seconds.clear()
                total, _ = _seconds(module.handler, event)
                clock.seconds[REST] = total - sum(clock.seconds.values())
                for stage, spent in clock.seconds.items():
                    stages[stage].append(spent)
    wall, cpu = zip(*timed, strict=True)
    return {
        "handler": _quantiles(wall),
        "handler_cpu": _quantiles(cpu),
        "stages": {stage: _quantiles(spent) for stage, spent in stages.items()},
    }


def _seconds(
    handler: Callable[[dict[str, Any], Any], dict[str, Any]], event: dict[str, Any]
) -> tuple[float, float]:
    """Return how long an answer took, and for how much of it the thread was running."""
    started, ran = time.perf_counter(), time.thread_time()
    answer = handler(event, None)
    cpu, wall = time.thread_time() - ran, time.perf_counter() - started
    if answer["statusCode"] != _OK:
        raise RuntimeError(f"The request was refused: {answer['body']}")
    return wall, cpu


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    return quantiles([each * _MICRO for each in seconds])


@contextlib.contextmanager
def _records_to_a_file() -> Iterator[None]:
    with tempfile.TemporaryFile("w") as file, contextlib.redirect_stdout(file):
        yield
