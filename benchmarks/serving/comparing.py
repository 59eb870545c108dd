"""Rounds that go around all servers, so that each meets the same noise of the machine."""

import functools
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
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


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Servers that are measured in turn.

    Parameters
    ----------
    plan
        How long.
    tell
        Is told what happens, line by line.

    Attributes
    ----------
    results : dict
        By server, ``clients`` as `Contestant.summary` has it, and ``largest_difference`` from the
        model's answers after the load.
    failures : dict
        By server that has no results, why.
    """

    plan: Plan
    tell: Callable[[str], None]
    results: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def run(self, contestants: Sequence[Contestant]) -> None:
        """Start all servers, measure them, stop them; who fails is measured no further."""
        with ExitStack() as stack, on_core(CLIENT_CORE):
            able = self._able(contestants, functools.partial(self._start, stack))
            for number in range(self.plan.rounds):
                for n in self.plan.clients:
                    measure = functools.partial(
                        Contestant.measure, n_clients=n, seconds=self.plan.seconds
                    )
                    able = self._able(able, measure)
                self.tell(f"round {number + 1} of {self.plan.rounds}")
            self._able(able, self._finish)

    def _able(
        self, contestants: Sequence[Contestant], step: Callable[[Contestant], None]
    ) -> list[Contestant]:
        """Take a step with each; return those that could take it."""
        able = []
        for contestant in contestants:
            try:
                step(contestant)
            except ServerFailedError as error:
                self.failures[contestant.server.name] = str(error)
                self.tell(str(error))
            else:
                able.append(contestant)
        return able

    def _start(self, stack: ExitStack, contestant: Contestant) -> None:
        contestant.leader = stack.enter_context(running(contestant.server, contestant.answers))
        contestant.largest_difference()
        contestant.measure(max(self.plan.clients), _WARM_UP_SECONDS)
        contestant.rounds.clear()

    def _finish(self, contestant: Contestant) -> None:
        self.results[contestant.server.name] = {
            "largest_difference": contestant.largest_difference(),
            "clients": contestant.summary(),
        }
