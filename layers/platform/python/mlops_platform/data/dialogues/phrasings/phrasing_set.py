"""What one split may say."""

import itertools
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, kw_only=True)
class PhrasingSet:
    """The wordings of one split.

    In a template, ``{period}`` is a period with its preposition ("in March") and ``{bare}`` one
    without; ``{other}`` and ``{other_bare}`` are another period, ``{back}`` the one before the
    period that was spoken of last. ``{category}``, ``{merchant}``, ``{goal}`` and ``{amount}`` are
    what they say.

    Parameters
    ----------
    templates
        Intent → templates of a question that stands alone.
    follow_ups
        What changes ("period", "back", "category", "merchant", "goal") → templates of a question
        that leans on the one before.
    categories
        Category → what people call it.
    periods
        Kind of period (see `spoken_periods.KINDS`) → preposition and text. The text may hold
        ``{month}``, ``{year}``, ``{weekday}`` and ``{n}``.
    back
        Unit of a period → what the one before it is called.
    amounts
        Ways to write an amount, with ``{pounds}``.
    out_of_scope
        What is no question for this assistant.
    """

    templates: Mapping[str, tuple[str, ...]]
    follow_ups: Mapping[str, tuple[str, ...]]
    categories: Mapping[str, tuple[str, ...]]
    periods: Mapping[str, tuple[tuple[str, str], ...]]
    back: Mapping[str, tuple[str, ...]]
    amounts: tuple[str, ...]
    out_of_scope: tuple[str, ...]

    def without(self, *others: "PhrasingSet") -> Self:
        """Return these wordings but for those that other sets hold, whatever their case and end.

        What things are called (categories, periods, amounts) stays: people share it.
        """
        held = {_plain(each) for other in others for each in other.wordings}
        return replace(
            self,
            templates=_rest(self.templates, held),
            follow_ups=_rest(self.follow_ups, held),
            out_of_scope=_others(self.out_of_scope, held),
        )

    @property
    def wordings(self) -> tuple[str, ...]:
        """All templates, and what is out of scope."""
        of_kind = (*self.templates.values(), *self.follow_ups.values())
        return (*itertools.chain.from_iterable(of_kind), *self.out_of_scope)


def _rest(
    wordings: Mapping[str, tuple[str, ...]], held: AbstractSet[str]
) -> dict[str, tuple[str, ...]]:
    return {name: _others(those, held) for name, those in wordings.items()}


def _others(wordings: tuple[str, ...], held: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(each for each in wordings if _plain(each) not in held)


def _plain(wording: str) -> str:
    return re.sub(r"[?.!,]", "", wording).casefold()
