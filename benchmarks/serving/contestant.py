"""A server with what it is asked, what it must answer, and how fast it was."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from benchmarks.serving.load import ConnectionBrokenError, Load, ask, http_request, run_load
from benchmarks.serving.server import HOST, Server, ServerFailedError, cpu_seconds
from benchmarks.timings import quantiles

TOLERANCE: Final = 1e-5


@dataclass(frozen=True, kw_only=True)
class Round:
    """A load, and the seconds for which the server's processes computed under it."""

    load: Load
    cpu_seconds: float


@dataclass(kw_only=True)
class Contestant:
    """A server under measurement.

    Parameters
    ----------
    server
        Which.
    requests, expected
        One for each row, and the probability that must come back.

    leader
        The process that leads the server's, once it runs.

    Attributes
    ----------
    rounds : dict
        By number of clients, what was measured.
    """

    server: Server
    requests: list[bytes]
    expected: list[float]
    leader: int = 0
    rounds: dict[int, list[Round]] = field(default_factory=dict)

    @classmethod
    def of(cls, server: Server, rows: Sequence[Any], expected: list[float]) -> Self:
        """Write rows down as the server's requests."""
        return cls(
            server=server,
            requests=[
                http_request(
                    (HOST, server.port),
                    server.path,
                    json.dumps(server.body(row), separators=(",", ":")).encode(),
                )
                for row in rows
            ],
            expected=expected,
        )

    def answers(self) -> bool:
        """Tell whether the server answers its first row."""
        try:
            return self._ask(0)[0]
        except (OSError, ConnectionBrokenError):
            return False

    def largest_difference(self) -> float:
        """Ask for every row once; return by how much the answers differ from the model's at most.

        Raises
        ------
        ServerFailedError
            A row is refused, or its answer differs by more than `TOLERANCE`.
        """
        worst = max(self._difference(number) for number in range(len(self.requests)))
        if not worst <= TOLERANCE:
            raise ServerFailedError(
                f"{self.server.name} differs from the model by {worst:.1e}; {TOLERANCE:.0e} is "
                "allowed, so its speed means nothing."
            )
        return worst

    def measure(self, n_clients: int, seconds: float) -> None:
        """Measure one round.

        Raises
        ------
        ServerFailedError
            The server does not answer everybody.
        """
        before = cpu_seconds(self.leader)
        try:
            load = run_load((HOST, self.server.port), self.requests, n_clients, seconds)
        except (OSError, ConnectionBrokenError) as error:
            raise ServerFailedError(
                f"{self.server.name} under {n_clients} clients: {error}"
            ) from error
        spent = cpu_seconds(self.leader) - before
        self.rounds.setdefault(n_clients, []).append(Round(load=load, cpu_seconds=spent))

    def summary(self) -> dict[str, dict[str, float]]:
        """Return, by number of clients, medians over the rounds.

        ``requests_per_second``, ``p50_ms``, ``p95_ms``, and ``cpu_us`` that the server's processes
        computed for a request, which others on the machine disturb least; besides, ``errors`` of
        all rounds, and as ``generator_busy`` the highest share of its own core that the load
        generator took.
        """
        return {str(n): _summary(rounds) for n, rounds in self.rounds.items()}

    def _difference(self, number: int) -> float:
        is_ok, body = self._ask(number)
        if not is_ok:
            raise ServerFailedError(f"{self.server.name} refuses a row: {body[:500]!r}")
        return abs(self.server.probability(json.loads(body)) - self.expected[number])

    def _ask(self, number: int) -> tuple[bool, bytes]:
        return ask((HOST, self.server.port), self.requests[number])


def _summary(rounds: list[Round]) -> dict[str, float]:
    loads = [each.load for each in rounds]
    cuts = [quantiles(load.latencies_ms) for load in loads]
    cpu_us = [1e6 * each.cpu_seconds / len(each.load.latencies_ms) for each in rounds]
    return {
        "requests_per_second": round(statistics.median(x.requests_per_second for x in loads), 1),
        "p50_ms": round(statistics.median(cut["p50"] for cut in cuts), 3),
        "p95_ms": round(statistics.median(cut["p95"] for cut in cuts), 3),
        "cpu_us": round(statistics.median(cpu_us), 1),
        "errors": sum(load.errors for load in loads),
        "generator_busy": round(max(load.busy for load in loads), 3),
    }
