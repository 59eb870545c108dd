"""What can be found in an utterance without a model: periods, amounts, and the user's own names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mlops_platform.models.selfmate.categories import PHRASES
from mlops_platform.models.selfmate.slot_labels import Span
from mlops_platform.models.selfmate.tools.ledger import Ledger, brand, words
from mlops_platform.models.selfmate.tools.period_reader import period_spans

_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_AMOUNT: Final = re.compile(
    rf"(?:[£$€]|\b[A-Z]{{3}} ?){_NUMBER}|\b{_NUMBER} ?(?:pounds|quid|euros|dollars)\b"
)
_WORD: Final = re.compile(r"[\w'’]+")  # noqa: RUF001


def known_spans(text: str, ledger: Ledger) -> list[Span]:
    """Return the spans of a text that grammar or the user's ledger knows; they may overlap."""
    names = {
        "goal": [goal.kind for goal in ledger.goals],
        "category": [
            phrase
            for category in {*ledger.categories, *PHRASES}
            for phrase in (category.replace("_", " "), *PHRASES.get(category, ()))
        ],
    }
    return [
        *(Span(start, end, "period") for start, end in period_spans(text)),
        *(Span(*found.span(), "amount") for found in _AMOUNT.finditer(text)),
        *_merchants(text, {each.merchant for each in ledger.purchases}),
        *(
            Span(*found.span(), slot)
            for slot, phrases in names.items()
            for phrase in phrases
            for found in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE)
        ),
    ]


def merged(tagged: Iterable[Span], known: Iterable[Span]) -> list[Span]:
    """Return the spans of both in their order, none over another.

    Where they overlap, two of one name become one; of two names the longer span stays, and of
    equally long ones the tagger's: it has seen the sentence.
    """
    spans: list[Span] = []
    for new in (*tagged, *sorted(known, key=lambda span: span.start - span.end)):
        over = [span for span in spans if span.start < new.end and new.start < span.end]
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
    found = [(match.span(), words(match[0])) for match in _WORD.finditer(text)]
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


def _length(span: Span) -> int:
    return span.end - span.start
