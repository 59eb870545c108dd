"""What can be found in an utterance without a model: periods, amounts, and the user's own names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mlops_platform.models.selfmate.categories import category_spans
from mlops_platform.models.selfmate.function_words import names_nothing
from mlops_platform.models.selfmate.slot_labels import Span
from mlops_platform.models.selfmate.tools.ledger import WORD, Ledger, brand, words
from mlops_platform.models.selfmate.tools.period_reader import period_spans

_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_AMOUNT: Final = re.compile(
    rf"(?:[£$€] ?|\b(?:[A-Z]{{3}}|gbp|eur|usd) ?){_NUMBER}|"
    rf"\b{_NUMBER} ?(?:[£$€]|(?:pounds?|quid|euros?|dollars?|bucks|gbp|eur|usd|GBP|EUR|USD)\b)"
)


def known_spans(text: str, ledger: Ledger) -> list[Span]:
    """Return the spans of a text that grammar or the user's ledger knows; they may overlap."""
    return [
        *(Span(start, end, "period") for start, end in period_spans(text)),
        *(Span(*found.span(), "amount") for found in _AMOUNT.finditer(text)),
        *_merchants(text, {each.merchant for each in ledger.purchases}),
        *(Span(start, end, "category") for start, end in category_spans(text, ledger.categories)),
        *(
            Span(*found.span(), "goal")
            for goal in ledger.goals
            for found in re.finditer(rf"\b{re.escape(goal.kind)}\b", text, re.IGNORECASE)
        ),
    ]


def trimmed(text: str, span: Span) -> Span:
    """Return a span of a text without the function words that a tagger left at its end.

    Examples
    --------
    >>> trimmed("Boden Cafe then?", Span(0, 15, "merchant"))
    Span(start=0, end=10, name='merchant')
    """
    if span.name == "period":
        return span
    ends = [span.start + match.end() for match in WORD.finditer(text[span.start : span.end])]
    while len(ends) > 1 and names_nothing(text[ends[-2] : span.end]):
        span = span._replace(end=ends[-2])
        ends.pop()
    return span


def merged(tagged: Iterable[Span], known: Sequence[Span]) -> list[Span]:
    """Return the spans of both in their order, none over another.

    Where they overlap, two of one name become one; of two names the longer span stays, and of
    equally long ones the tagger's: it has seen the sentence. A period that grammar cannot read
    means nothing to the tools, and is none.
    """
    spans: list[Span] = []
    periods = [span for span in known if span.name == "period"]
    readable = [
        span
        for span in tagged
        if span.name != "period" or any(_overlap(span, period) for period in periods)
    ]
    for new in (*readable, *sorted(known, key=lambda span: span.start - span.end)):
        over = [span for span in spans if _overlap(span, new)]
        if any(span.name != new.name and _length(span) >= _length(new) for span in over):
            continue
        spans = [span for span in spans if span not in over]
        same = [span for span in over if span.name == new.name]
        start = min(span.start for span in (new, *same))
        spans.append(Span(start, max(span.end for span in (new, *same)), new.name))
    return sorted(spans)


def masked(text: str, spans: Sequence[Span]) -> str:
    """Return a text with its slots' names in place of what they say.

    A sentence's intent does not depend on the shop that it names, and a made-up name would look
    foreign.

    Examples
    --------
    >>> masked("Spent at Tesco in May?", [Span(9, 14, "merchant"), Span(18, 21, "period")])
    'Spent at merchant in period?'
    """
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], span.name]
        position = span.end
    return "".join([*parts, text[position:]])


def _merchants(text: str, merchants: Iterable[str]) -> Iterator[Span]:
    """Yield runs of words that begin as a merchant's name does and hold nothing else."""
    names = [(brand(name), words(name)) for name in sorted(merchants)]
    found = [(match.span(), words(match[0])) for match in WORD.finditer(text)]
    for first, ((start, end), said) in enumerate(found):
        for first_word, name in names:
            if not said or said != first_word:
                continue
            last = end
            for (_, further_end), further in found[first + 1 :]:
                if not further <= name:
                    break
                last = further_end
            yield Span(start, last, "merchant")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _length(span: Span) -> int:
    return span.end - span.start
