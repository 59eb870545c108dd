"""A set of numbers that come almost in order: as intervals, however many, it stays small."""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

_FORMAT: Final = 1
_MORE, _SEVEN_BITS = 0x80, 0x7F


@dataclass(frozen=True)
class IntervalSet:
    """A set of integers from 1 on.

    Parameters
    ----------
    intervals
        First and last number of each run, ascending; between two runs at least one is missing.

    Examples
    --------
    >>> seen = IntervalSet.of([1, 2, 3, 7, 8])
    >>> seen.intervals
    ((1, 3), (7, 8))
    >>> seen.missing(9).intervals
    ((4, 6), (9, 9))
    """

    intervals: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Self:
        """Return the set of some numbers, in whatever order and however often they are given.

        Raises
        ------
        ValueError
            A number is smaller than 1.
        """
        intervals = cls(_joined((number, number) for number in sorted(set(numbers))))
        if intervals.intervals and intervals.intervals[0][0] < 1:
            raise ValueError(f"{intervals.intervals[0][0]} is not a number from 1 on")
        return intervals

    def union(self, other: "IntervalSet") -> Self:
        """Return the numbers of both."""
        return type(self)(_joined(sorted((*self.intervals, *other.intervals))))

    def missing(self, up_to: int) -> Self:
        """Return the numbers from 1 to `up_to` that are not in the set."""
        ends = (0, *(last for _, last in self.intervals))
        starts = (*(first for first, _ in self.intervals), up_to + 1)
        gaps = zip(ends, starts, strict=True)
        return type(self)(
            tuple((e + 1, min(s - 1, up_to)) for e, s in gaps if e + 1 <= min(s - 1, up_to))
        )

    @property
    def highest(self) -> int:
        """The largest number; 0 of an empty set."""
        return self.intervals[-1][1] if self.intervals else 0

    def __contains__(self, number: int) -> bool:
        at = bisect.bisect_right(self.intervals, number, key=lambda interval: interval[0]) - 1
        return at >= 0 and number <= self.intervals[at][1]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.intervals)

    def to_bytes(self) -> bytes:
        """Return a few bytes for each run: its distance from the last one and its length."""
        ends = (0, *(last for _, last in self.intervals))
        pairs = zip(ends, self.intervals, strict=False)
        steps = ((first - end, last - first) for end, (first, last) in pairs)
        return bytes([_FORMAT, *_packed(itertools.chain.from_iterable(steps))])

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` returned.

        Raises
        ------
        ValueError
            It is of another format, or damaged.
        """
        if content[:1] != bytes([_FORMAT]):
            raise ValueError(f"these {len(content)} bytes are no interval set of format {_FORMAT}")
        steps = _unpacked(content[1:])
        if len(steps) % 2:
            raise ValueError("an interval begins and does not end")
        ends = list(itertools.accumulate(steps))
        return cls(tuple(zip(ends[::2], ends[1::2], strict=True)))


NOTHING: Final = IntervalSet()


def _joined(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join what overlaps or touches; the intervals come in ascending order."""
    joined: list[tuple[int, int]] = []
    for first, last in intervals:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _packed(numbers: Iterable[int]) -> Iterator[int]:
    """Yield numbers as bytes of seven bits, the lowest first; a mark says that more follow."""
    for number in numbers:
        rest = number
        while rest > _SEVEN_BITS:
            yield rest & _SEVEN_BITS | _MORE
            rest >>= 7
        yield rest


def _unpacked(content: bytes) -> Sequence[int]:
    numbers, number, shift = [], 0, 0
    for byte in content:
        number |= (byte & _SEVEN_BITS) << shift
        shift += 7
        if not byte & _MORE:
            numbers.append(number)
            number, shift = 0, 0
    if shift:
        raise ValueError("a number begins and does not end")
    return numbers
