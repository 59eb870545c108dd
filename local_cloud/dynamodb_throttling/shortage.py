"""Which writes a table without capacity refuses, made to order and repeatable."""

import collections
import dataclasses
import random
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any


@dataclasses.dataclass(frozen=True)
class Shortage:
    """Which writes are refused; the default is none.

    Attributes
    ----------
    tables
        The names of the tables that are short of capacity.
    share
        Chance (0 to 1) that a write to one of them is refused.
    skip
        How many of these writes are taken before the first is refused.
    writes
        How many are refused until all are taken again; None for no end.
    seed
        Same seed, same writes: same refusals.
    """

    tables: tuple[str, ...] = ()
    share: float = 1.0
    skip: int = 0
    writes: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share is a chance between 0 and 1, not {self.share}.")
        if self.skip < 0 or (self.writes is not None and self.writes < 0):
            raise ValueError("skip and writes are numbers of writes, not negative ones.")

    @classmethod
    def from_request(cls, request: dict[str, Any]) -> "Shortage":
        """Read `POST /dynamodb-throttling`; `{}` throttles nothing.

        Raises
        ------
        ValueError
            For an unknown name, a value out of range, or a shortage of no table.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = set(request) - known
        if unknown:
            raise ValueError(f"Unknown settings {sorted(unknown)}; known are {sorted(known)}.")
        if request and not request.get("tables"):
            raise ValueError('Say which tables are throttled: {"tables": [names]}.')
        return cls(**{**request, "tables": tuple(request.get("tables", ()))})


class Throttling:
    """Decides on every write, and counts what was refused.

    Parameters
    ----------
    list_tables
        Returns the names of the tables that exist now.
    """

    def __init__(self, list_tables: Callable[[], Collection[str]]) -> None:
        self._list_tables = list_tables
        self._lock = threading.Lock()
        self._shortage = Shortage()
        self._random = random.Random()  # noqa: S311 (faults, not secrets)
        self._n_met = self._n_refused = 0
        self._refused: collections.Counter[str] = collections.Counter()

    def throttle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /dynamodb-throttling`; the counts start anew."""
        shortage = Shortage.from_request(request)
        missing = set(shortage.tables) - set(known := self._list_tables())
        if missing:
            raise ValueError(f"No tables {sorted(missing)}; there are {sorted(known)}.")
        with self._lock:
            self._shortage = shortage
            self._random.seed(shortage.seed)
            self._n_met = self._n_refused = 0
            self._refused.clear()
        return self.describe({})

    def describe(self, _: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /dynamodb-throttling`: the shortage, and the refused writes by table."""
        with self._lock:
            return {**vars(self._shortage), "refused": dict(self._refused)}

    def refused_tables(self, tables: Iterable[str]) -> set[str]:
        """Decide on one write to some tables; return those that are short of capacity for it."""
        with self._lock:
            short = {*tables} & {*self._shortage.tables}
            if not short or not self._happens():
                return set()
            self._n_refused += 1
            self._refused.update(short)
            return short

    def _happens(self) -> bool:
        self._n_met += 1
        shortage = self._shortage
        if self._n_met <= shortage.skip or self._n_refused == shortage.writes:
            return False
        return self._random.random() < shortage.share
