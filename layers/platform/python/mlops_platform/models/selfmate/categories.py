"""Which of a user's categories a phrase means."""

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.selfmate.category_phrases import AMBIGUOUS, PHRASES
from mlops_platform.models.selfmate.tools.ledger import ARTICLES, WORD

# Cosine of the embeddings below which two phrases are strangers.
MIN_COSINE: Final = 0.35
# A shorter word that ends in s is no plural: bus, gas.
_SHORTEST_PLURAL: Final = 4

# What people pay for in any category: train journeys, petrol stops, dental treatment.
_FORMS: Final = frozenset(
    {"care", "item", "journey", "product", "ride", "room", "stop", "stuff", "thing", "ticket"}
    | {"treatment", "trip", "visit"}
)

Embed = Callable[[str], NDArray[np.float32]]
# Returns a text's cosine with each common category.
Nearness = Callable[[str], Mapping[str, float]]
_Plain = tuple[str, ...]


def category_called(said: str, categories: Collection[str]) -> str | None:
    """Return the category that a phrase names, None if it names none.

    Articles and the plural make no difference. A user's own name for a category goes before the
    common one.

    Examples
    --------
    >>> category_called("My phone bills", []), category_called("restaurants", ["dining_out"])
    ('phone', 'dining_out')
    """
    found = {**_common(), **_own(categories)}.get(_plain(said))
    return found and _in_own_words(found, categories)


def category_spans(text: str, categories: Iterable[str]) -> list[tuple[int, int]]:
    """Return where a text names categories: first and past-the-last characters.

    Examples
    --------
    >>> category_spans("What about phone bills, and petrol for my car?", [])
    [(11, 22), (28, 45)]
    """
    named = _named(text, {**_common(), **_own(categories)})
    return [(start, end) for start, end, _ in named if text[start:end].casefold() not in AMBIGUOUS]


def nearest_category(
    said: str, categories: Collection[str], embed: Embed, nearness: Nearness
) -> str | None:
    """Return the category that comes closest to a phrase in meaning, None if none is near.

    Parameters
    ----------
    said
        The phrase.
    categories
        The user's own; the common ones are always known.
    embed
        Returns a text's embedding of Euclidean length 1.
    nearness
        Returns a text's cosine with each common category.
    """
    named = category_called(said, categories) or _only_one_named(said, categories)
    if named is not None:
        return named
    found = dict(nearness(said))
    own = [category for category in sorted(categories) if category not in found]
    if own:
        vector = embed(said)
        found |= {each: float(embed(each.replace("_", " ")) @ vector) for each in own}
    best = max(found, key=lambda category: found[category])
    return _in_own_words(best, categories) if found[best] >= MIN_COSINE else None


def _only_one_named(said: str, categories: Collection[str]) -> str | None:
    """Return the one category that parts of a phrase name: "food and drink at home"."""
    named = {name for _, _, name in _named(said, {**_common(), **_own(categories)})}
    return _in_own_words(named.pop(), categories) if len(named) == 1 else None


def _named(text: str, known: Mapping[_Plain, str]) -> list[tuple[int, int, str]]:
    """Return first and past-the-last character of all that is known in a text, and its category.

    Where one phrase begins as another one does, the longer one is meant.
    """
    longest = max(map(len, known))
    words = _plain_words(text)
    found: list[tuple[int, int, str]] = []
    first = 0
    while first < len(words):
        ends = range(min(first + longest, len(words)), first, -1)
        plain = {end: tuple(word for word, _ in words[first:end]) for end in ends}
        end = next((end for end in ends if plain[end] in known), first)
        if end > first:
            category = known[plain[end]]
            while end < len(words) and words[end][0] in _FORMS:
                end += 1
            found.append((words[first][1].start(), words[end - 1][1].end(), category))
        first = max(end, first + 1)
    return found


def _in_own_words(category: str, categories: Collection[str]) -> str:
    """Return what the user calls a common category."""
    if category in categories:
        return category
    own = (each for each in sorted(categories) if _common().get(_plain(each)) == category)
    return next(own, category)


@functools.cache
def _common() -> dict[_Plain, str]:
    return {_plain(phrase): category for category in PHRASES for phrase in phrases_of(category)}


def phrases_of(category: str) -> tuple[str, ...]:
    """Return a common category's name and what else it is called."""
    return (category.replace("_", " "), *PHRASES[category])


def _own(categories: Iterable[str]) -> dict[_Plain, str]:
    return {_plain(category): category for category in categories}


def _plain(phrase: str) -> _Plain:
    return tuple(word for word, _ in _plain_words(phrase.replace("_", " ")))


def _plain_words(text: str) -> list[tuple[str, re.Match[str]]]:
    """Return a text's words in one case and number, without articles, and where each stands."""
    words = [(match[0].casefold(), match) for match in WORD.finditer(text)]
    return [(_singular(word), match) for word, match in words if word not in ARTICLES]


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]
