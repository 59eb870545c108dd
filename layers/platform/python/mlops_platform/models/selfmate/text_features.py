"""A text as hashed n-grams: the same few lines of numpy in training and in service.

A vectoriser's vocabulary of strings cannot be exported faithfully; a hash needs none. A row is a
list of distinct n-grams, each with how often it occurs, that training and the exported graph weigh
alike.
"""

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Hash buckets: some collide, which costs little while they outnumber the n-grams tenfold.
N_BUCKETS: Final = 2**20
_CHARACTER_LENGTHS: Final = (2, 3, 4, 5)
_PRIME: Final = np.uint64(0x100000001B3)
_OFFSET: Final = np.uint64(0xCBF29CE484222325)


@dataclass(frozen=True)
class SparseRow:
    """The n-grams of one text.

    Parameters
    ----------
    buckets
        Distinct hash buckets, ascending, int64 of shape (n,).
    counts
        How often each occurs, float32 of shape (n,).
    """

    buckets: NDArray[np.int64]
    counts: NDArray[np.float32]


def normalised(text: str) -> str:
    """Return the words of a text in one case and one width, a space around each.

    Digits become zeros: an amount says the same whatever it is.

    Examples
    --------
    >>> normalised("Where's my  £250.50 top-up?")
    " where ' s my £ 000 . 00 top - up ? "
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = "".join("0" if c.isdecimal() else c if c.isalnum() else f" {c} " for c in folded)
    return f" {' '.join(spaced.split())} "


def hashed_ngrams(text: str) -> SparseRow:
    """Return a text's words, pairs of words, and runs of 2 to 5 characters, hashed.

    Examples
    --------
    >>> row = hashed_ngrams("no no")
    >>> len(row.buckets), float(row.counts.sum())
    (14, 21.0)
    """
    clean = normalised(text)
    hashes = np.concatenate([*_character_ngrams(clean), _word_ngrams(clean.split())])
    buckets, counts = np.unique(hashes % np.uint64(N_BUCKETS), return_counts=True)
    return SparseRow(buckets.astype(np.int64), counts.astype(np.float32))


def _character_ngrams(text: str) -> list[NDArray[np.uint64]]:
    """Hash the runs of characters of each length (FNV-1a over code points)."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    found = []
    hashes = np.full(len(points), _OFFSET)
    for length in range(1, max(_CHARACTER_LENGTHS) + 1):
        n = max(len(points) - length + 1, 0)
        hashes = (hashes[:n] ^ points[length - 1 :]) * _PRIME
        if length in _CHARACTER_LENGTHS:
            found.append(_mixed(hashes))
    return found


def _word_ngrams(words: Sequence[str]) -> NDArray[np.uint64]:
    """Hash the words and the pairs of neighbours, apart from equal runs of characters."""
    single = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    single = single + np.uint64(1 << 40)
    pairs = (single[:-1] * _PRIME) ^ single[1:]
    return _mixed(np.concatenate([single * _PRIME, pairs * _PRIME]))


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread a hash's upper bits over the lower ones, which choose the bucket."""
    mixed: NDArray[np.uint64] = hashes ^ (hashes >> np.uint64(29)) ^ (hashes >> np.uint64(43))
    return mixed
