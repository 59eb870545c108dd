"""An additive ensemble of trees as its leaves, each with the conditions that lead to it."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

_NO_CONDITION: Final = 1.0


class Condition(NamedTuple):
    """What one input must satisfy on the way to a leaf: ``lower <= x < upper``.

    Parameters
    ----------
    lower, upper
        Bounds, as float32 compares them.
    takes_missing
        Whether a missing value passes.
    share
        The share of training rows that passed, of those that got as far; in (0, 1].
    """

    lower: float = -np.inf
    upper: float = np.inf
    takes_missing: bool = True
    share: float = _NO_CONDITION

    def narrowed(self, other: "Condition") -> "Condition":
        """Return what satisfies both, where a tree asks for the same input again."""
        return Condition(
            max(self.lower, other.lower),
            min(self.upper, other.upper),
            self.takes_missing and other.takes_missing,
            self.share * other.share,
        )


# A leaf's value and, by the number of the input, what leads to it.
Leaf = tuple[float, Mapping[int, Condition]]


@dataclass(frozen=True, eq=False)
class TreePaths:
    """All leaves of an ensemble, in arrays of shape (depth, n_leaves).

    Leaves with fewer conditions than the deepest are filled up with conditions that always hold.

    Parameters
    ----------
    value
        What each leaf adds to the answer, of shape (n_leaves,).
    feature
        The input that each condition is about.
    lower, upper, takes_missing, share
        The conditions; see `Condition`.
    offset
        What the ensemble adds whatever the row, of shape ().
    """

    value: NDArray[np.float32]
    feature: NDArray[np.int16]
    lower: NDArray[np.float32]
    upper: NDArray[np.float32]
    takes_missing: NDArray[np.bool_]
    share: NDArray[np.float32]
    offset: NDArray[np.float64]

    @classmethod
    def from_leaves(cls, leaves: Iterable[Leaf], offset: float) -> Self:
        """Lay out leaves.

        Raises
        ------
        ValueError
            There is none, or none has any condition: then nothing depends on the row.
        """
        listed = list(leaves)
        depth = max((len(conditions) for _, conditions in listed), default=0)
        if not depth:
            raise ValueError("The ensemble asks for no input, so no input contributes to it.")
        shape = (depth, len(listed))
        feature = np.zeros(shape, np.int16)
        conditions = [np.full(shape, default) for default in Condition()]
        for number, (_, leading) in enumerate(listed):
            for place, (name, condition) in enumerate(leading.items()):
                feature[place, number] = name
                for array, part in zip(conditions, condition, strict=True):
                    array[place, number] = part
        lower, upper, takes_missing, share = conditions
        return cls(
            value=np.array([value for value, _ in listed], np.float32),
            feature=feature,
            lower=lower.astype(np.float32),
            upper=upper.astype(np.float32),
            takes_missing=takes_missing.astype(np.bool_),
            share=share.astype(np.float32),
            offset=np.array(offset, np.float64),
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` returned; no code is run."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    def to_bytes(self) -> bytes:
        """Return NumPy's archive, the same bytes for the same ensemble."""
        arrays: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        stream = io.BytesIO()
        np.savez_compressed(stream, allow_pickle=False, **arrays)
        return stream.getvalue()
