"""What a bundle knows by name: items with their titles, and the values of customers' columns."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.bundle.writer import json_bytes
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.signature import COLUMNS, LIST_LENGTH

Int64s = NDArray[np.int64]


class Customer(NamedTuple):
    """What the model may see of one customer.

    Parameters
    ----------
    owned
        Ids of the items that they have, the oldest first.
    columns
        Their values by name, of `signature.COLUMNS`; None or absent if unknown.
    n
        How many items are asked for.
    """

    owned: Sequence[str] = ()
    columns: Mapping[str, str | None] = {}
    n: int = LIST_LENGTH


@dataclass(frozen=True)
class Catalogue:
    """The names behind a graph's numbers.

    Parameters
    ----------
    item_ids, titles
        Of the items, in their order.
    column_values
        The values of each of `signature.COLUMNS` that training saw, ascending; their places in all
        of them together are the rows of a form's `by_column`.

    Examples
    --------
    >>> names = Catalogue(("a", "b"), ("A", "B"), {"region": ("east", "west")})
    >>> names.owned_items(["b", "x", "a", "b"]).tolist()
    [0, 1]
    >>> names.column_rows({"region": "west", "age_band": "65+"}).tolist()
    [2, 1, 2]
    """

    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    column_values: Mapping[str, tuple[str, ...]]

    @cached_property
    def number(self) -> dict[str, int]:
        """Each item's number."""
        return {item: number for number, item in enumerate(self.item_ids)}

    @cached_property
    def n_values(self) -> int:
        """How many values all columns have together; the row that stands for an unknown one."""
        return sum(map(len, self.column_values.values()))

    @cached_property
    def _row(self) -> dict[tuple[str, str], int]:
        pairs = ((name, value) for name in COLUMNS for value in self.column_values.get(name, ()))
        return {pair: row for row, pair in enumerate(pairs)}

    def owned_items(self, owned: Sequence[str]) -> Int64s:
        """Return the numbers of what is owned and known, each once, the oldest first."""
        known = dict.fromkeys(self.number[each] for each in reversed(owned) if each in self.number)
        return np.array([*known][::-1], dtype=np.int64)

    def column_rows(self, columns: Mapping[str, str | None]) -> Int64s:
        """Return the row of each of a customer's values, `n_values` where it is not known."""
        rows = [self._row.get((name, columns.get(name) or ""), self.n_values) for name in COLUMNS]
        return np.array(rows, dtype=np.int64)

    def column_code(self, name: str, value: str | None) -> float:
        """Return a value's place among its column's; NaN if there is none, -1 if it is new."""
        if value is None:
            return math.nan
        values = self.column_values.get(name, ())
        return float(values.index(value)) if value in values else -1.0

    def to_bytes(self, recency: Recency) -> bytes:
        """Return JSON that is the same bytes for the same names, with what histories count."""
        return json_bytes(
            {
                "items": [list(pair) for pair in zip(self.item_ids, self.titles, strict=True)],
                "values": {name: list(values) for name, values in self.column_values.items()},
                "recency": {"power": recency.power, "as_shares": recency.as_shares},
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> tuple[Self, Recency]:
        """Read what `to_bytes` returned."""
        document: dict[str, Any] = json.loads(content)
        item_ids, titles = zip(*document["items"], strict=True)
        values = {name: tuple(values) for name, values in document["values"].items()}
        return cls(item_ids, titles, values), Recency(**document["recency"])
