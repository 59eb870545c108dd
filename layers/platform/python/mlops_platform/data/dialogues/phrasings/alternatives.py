"""Write many wordings as one, with what may be said in its places."""

import itertools
import re
from collections.abc import Mapping
from typing import Final

_PLACE: Final = re.compile(r"\[([^\]]*)\]")
_SPACE_BEFORE_END: Final = re.compile(r"\s+(?=[?,.!])")


def alternatives(*patterns: str) -> tuple[str, ...]:
    """Return every wording of patterns in which ``[a|b|]`` says a, b or nothing, each once.

    Examples
    --------
    >>> alternatives("Hello", "[How|What] about [my|the] car?")[:3]
    ('Hello', 'How about my car?', 'How about the car?')
    """
    return tuple(dict.fromkeys(itertools.chain.from_iterable(map(_wordings, patterns))))


def every(patterns: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the wordings of each entry's patterns."""
    return {name: alternatives(*those) for name, those in patterns.items()}


def _wordings(pattern: str) -> list[str]:
    """Return the wordings of one pattern, the places without a word closed up."""
    parts = _PLACE.split(pattern)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    said = (" ".join("".join(words).split()) for words in itertools.product(*choices))
    return [_SPACE_BEFORE_END.sub("", wording) for wording in said]
