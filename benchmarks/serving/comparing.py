"""Rounds that go around all servers, so that each meets the same noise of the machine."""

import functools
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.serving.contestant import Contestant
from benchmarks.serving.cores import CLIENT_CORE, on_core
from benchmarks.serving.server import ServerFailedError, running

_WARM_UP_SECONDS: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long is measured: `rounds` times `seconds` for each server and number of clients."""

    clients: Sequence[int]
    rounds: int
    seconds: float


def compare(
    contestants: Sequence[Contestant], plan: Plan, tell: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Start all servers, measure them in turn, stop them.

    Parameters
    ----------
    contestants
        Who is measured.
    plan
        How long.
    tell
        Is told what happens, line by line.

    Returns
    -------
    tuple
        By server, ``clients`` as `Contestant.summary` has it and ``largest_difference`` from the
        model's answers, before and after the load. And by server that has none, why.
    """
    failures: dict[str, str] = {}
    results: dict[str, Any] = {}
    with ExitStack() as stack, on_core(CLIENT_CORE):

        def able(
            contestants: Sequence[Contestant], step: Callable[[Contestant], object]
        ) -> list[Contestant]:
            """Take a step with each; return those that could take it."""
            could = []
            for contestant in contestants:
                try:
                    step(contestant)
                except ServerFailedError as error:
                    failures[contestant.server.name] = str(error)
                    tell(str(error))
                else:
                    could.append(contestant)
            return could

        def start(contestant: Contestant) -> None:
            contestant.leader = stack.enter_context(running(contestant.server, contestant.answers))
            contestant.largest_difference()
            contestant.measure(max(plan.clients), _WARM_UP_SECONDS)
            contestant.rounds.clear()

        def finish(contestant: Contestant) -> None:
            difference = contestant.largest_difference()
            results[contestant.server.name] = {
                "largest_difference": difference,
                "clients": contestant.summary(),
            }

        measured = able(contestants, start)
        for number in range(plan.rounds):
            for n_clients in plan.clients:
                measure = functools.partial(
                    Contestant.measure, n_clients=n_clients, seconds=plan.seconds
                )
                measured = able(measured, measure)
            tell(f"round {number + 1} of {plan.rounds}")
        able(measured, finish)
    return results, failures
