"""Card descriptors as hashed n-grams: one code for training and for serving.

A descriptor is what a terminal prints on a statement: ``TESCO STORES 2243``,
``amazon *mktplce eu-uk``, ``www.flybe.co``. Case, store numbers, punctuation and the parts of an
address that every shop shares say nothing about what was bought; they go before n-grams are taken.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

FEATURE_VERSION: Final = 1
N_BUCKETS: Final = 1 << 21
SHORTEST_GRAM: Final = 2
LONGEST_GRAM: Final = 5
# At full weight a whole descriptor is learned by heart and leaves its words too little to be known
# by: half of it costs known brands nothing, and new ones are recognised better.
WHOLE_VALUE: Final = 0.5
# A statement line holds 40 characters at most; what is longer is not a descriptor.
LONGEST_DESCRIPTOR: Final = 100
# Knuth's multiplicative hashing, "The Art of Computer Programming" 3, section 6.4: the high bits of
# the product depend on every bit of the checksum, its low bits alone would not.
_GOLDEN: Final = 0x9E3779B97F4A7C15
_SHIFT: Final = 64 - 21
_MASK: Final = (1 << 64) - 1

_ADDRESS: Final = re.compile(
    r"https?:/*|\bwww\d?\b|\.(?:com|co|org|net|gov|ac|info|biz|eu|uk|us|de|fr|ie|io)\b"
)
_APOSTROPHE: Final = re.compile(r"['`\u2019]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SPACE: Final = re.compile(r"\s+")

_Features = tuple[tuple[int, ...], tuple[float, ...]]


def bucket(namespace: str, text: str) -> int:
    """Return the place of a feature among `N_BUCKETS`, equal on every machine.

    Examples
    --------
    >>> bucket("word", "tesco") == bucket("word", "tesco") != bucket("pair", "tesco")
    True
    """
    checksum = crc32(text.encode("utf-8", "replace"), crc32(namespace.encode()))
    return (checksum * _GOLDEN & _MASK) >> _SHIFT


def words(descriptor: str) -> list[str]:
    """Return a descriptor's words: folded case and accents; no digits, marks or address parts.

    Examples
    --------
    >>> words("TESCO STORES 2243"), words("www.mcdonald's.co.uk/Café"), words("4711")
    (['tesco', 'stores'], ['mcdonalds', 'cafe'], [])
    """
    folded = descriptor[:LONGEST_DESCRIPTOR].casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return _WORD.findall(_ADDRESS.sub(" ", _APOSTROPHE.sub("", folded)))


@lru_cache(maxsize=1 << 16)
def brand_key(descriptor: str) -> str:
    """Return the name under which a merchant is remembered, shared by all its stores.

    Examples
    --------
    >>> brand_key("Tesco Stores 2243") == brand_key("TESCO  STORES-3084")
    True
    """
    return " ".join(words(descriptor))


@lru_cache(maxsize=1 << 16)
def text_features(descriptor: str) -> _Features:
    """Return the buckets and values of a descriptor's n-grams.

    Each kind of n-gram (characters within a word, words, pairs of words) has length 1 together, so
    that a long descriptor does not outweigh amount and context; the whole descriptor counts
    `WHOLE_VALUE` with its digits and the same without. Repeated n-grams stand repeatedly: a linear
    head adds them up.
    """
    found = words(descriptor)
    brand = " ".join(found)
    printed = _SPACE.sub(" ", descriptor[:LONGEST_DESCRIPTOR].casefold().strip())
    kinds = {
        "characters": [gram for word in found for gram in character_grams(word)],
        "word": found,
        "pair": [f"{left} {right}" for left, right in pairwise(found)],
    }
    wholes = {kind: text for kind, text in (("brand", brand), ("printed", printed)) if text}
    buckets = [bucket(kind, gram) for kind, grams in kinds.items() for gram in grams]
    values = [len(grams) ** -0.5 for grams in kinds.values() for _ in grams]
    buckets += [bucket(kind, text) for kind, text in wholes.items()]
    return tuple(buckets), tuple(values + [WHOLE_VALUE] * len(wholes))


def character_grams(word: str) -> list[str]:
    """Return the n-grams of a word with its ends marked by a space.

    Examples
    --------
    >>> character_grams("bp")
    [' b', 'bp', 'p ', ' bp', 'bp ', ' bp ']
    """
    marked = f" {word} "
    return [
        marked[start : start + length]
        for length in range(SHORTEST_GRAM, min(LONGEST_GRAM, len(marked)) + 1)
        for start in range(len(marked) - length + 1)
    ]
