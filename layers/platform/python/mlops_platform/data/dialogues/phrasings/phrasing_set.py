"""What one split may say."""

from collections.abc import Mapping
from dataclasses import dataclass


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
