"""English words that name nothing: those of the closed classes."""

import re
from typing import Final

# Articles, prepositions, conjunctions, pronouns, auxiliaries, question words, quantifiers, and what
# is said between sentences.
FUNCTION_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a about actually again alone also and any are as at but by did do does during for from "
        "had has have hm how i if in instead is it just like many me mean meant more much my no "
        "not now of oh ok okay on only or other over please pls right s same since so some "
        "sorry still than thanks that the them then there these they this those throughout to "
        "too um was well were what when where which who with within yes",
    )
)


def names_nothing(text: str) -> bool:
    """Return whether all words of a text are function words.

    Examples
    --------
    >>> names_nothing("and what about the ..."), names_nothing("and fuel")
    (True, False)
    """
    return FUNCTION_WORDS.issuperset(re.findall(r"\w+", text.casefold()))
