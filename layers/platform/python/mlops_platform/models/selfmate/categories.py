"""Which of a user's categories a phrase means."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.selfmate.tools.ledger import words

# What people call common categories; users' own ones need no entry.
PHRASES: Final = {
    "groceries": ("groceries", "food shopping", "supermarket"),
    "eating_out": ("eating out", "restaurants", "takeaways and cafes"),
    "fuel": ("fuel", "petrol", "diesel"),
    "transport": ("transport", "public transport", "bus", "train", "taxi"),
    "shopping": ("shopping", "clothes", "shoes", "furniture"),
    "books": ("books", "newspapers"),
    "health": ("health", "medicine", "dentist"),
    "entertainment": ("entertainment", "cinema", "games", "concerts"),
    "phone": ("phone", "mobile phone", "phone bill"),
    "utilities": ("utilities", "electricity", "water", "heating"),
    "travel": ("travel", "hotels", "flights", "holidays"),
    "fees": ("fees", "bank charges", "taxes"),
}
# Cosine of the embeddings below which two phrases are strangers.
MIN_COSINE: Final = 0.35

Embed = Callable[[str], NDArray[np.float32]]


def category_called(said: str, categories: Iterable[str]) -> str | None:
    """Return the category that a phrase names word for word, None if it names none."""
    for category in sorted({*categories, *PHRASES}):
        if any(words(said) == words(phrase) for phrase in _phrases(category)):
            return category
    return None


def nearest_category(said: str, categories: Iterable[str], embed: Embed) -> str | None:
    """Return the category that comes closest to a phrase in meaning, None if none is near.

    Parameters
    ----------
    said
        The phrase.
    categories
        The user's own; the common ones are always known.
    embed
        Returns a text's embedding of Euclidean length 1.
    """
    named = category_called(said, categories)
    if named is not None:
        return named
    vector = embed(said)
    nearness = {
        category: max(float(embed(phrase) @ vector) for phrase in _phrases(category))
        for category in sorted({*categories, *PHRASES})
    }
    best = max(nearness, key=lambda category: nearness[category])
    return best if nearness[best] >= MIN_COSINE else None


def _phrases(category: str) -> tuple[str, ...]:
    return (category.replace("_", " "), *PHRASES.get(category, ()))
