"""One person, as far as questions go: where they shop, what they save for, what day it is."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from mlops_platform.data.world.descriptors import HINTS

_HINTS: Final = {word for hints in HINTS for hint in hints for word in hint.split()}


@dataclass(frozen=True)
class Speaker:
    """Somebody who asks.

    Parameters
    ----------
    user_id
        Who it is.
    today
        The day on which they ask.
    merchants
        Places where they shop, as they say them; see `spoken_name`.
    goals
        Kinds of their goals.
    """

    user_id: str
    today: date
    merchants: tuple[str, ...]
    goals: tuple[str, ...]


def spoken_name(descriptor: str) -> str:
    """Return what people call the merchant behind a statement line.

    Examples
    --------
    >>> spoken_name("FRAPREJO CINEMA & SONS 12"), spoken_name("OLKA.CO.UK")
    ('Fraprejo Cinema', 'Olka')
    """
    first, *further = re.findall(r"[A-Z]+", descriptor.upper())
    kept = [first]
    for word in further:
        if word not in _HINTS:
            break
        kept.append(word)
    return " ".join(kept).title()
