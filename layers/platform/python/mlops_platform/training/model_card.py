"""The model card: what a version is for, how good it is and for whom, and where it comes from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mlops_platform.training.paired_bootstrap import CONFIDENCE

MODEL_CARD: Final = "model_card.md"
_ALL: Final = "all"


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What no measurement says of a model.

    Parameters
    ----------
    answers
        What it answers, in a sentence.
    accuracy
        What its metric ``accuracy`` is.
    limits
        What it must not be used for, or does badly.
    """

    answers: str
    accuracy: str
    limits: tuple[str, ...]


def model_card(purpose: Purpose, evaluation: Mapping[str, Any], lineage: Mapping[str, Any]) -> str:
    """Return the card as Markdown, the same text for the same arguments.

    Parameters
    ----------
    purpose
        The model's own.
    evaluation
        ``evaluation.json``; its ``segments``, if any, are metrics by part of the test window.
    lineage
        The bundle manifest's.

    References
    ----------
    .. [1] Mitchell et al. 2019, "Model cards for model reporting".
    """
    return "\n".join([*_lines(purpose, evaluation, lineage), ""])


def _lines(
    purpose: Purpose, evaluation: Mapping[str, Any], lineage: Mapping[str, Any]
) -> Iterator[str]:
    snapshot = evaluation["data_snapshot"]
    yield f"# {evaluation['model_name']}, as of {evaluation['as_of']}"
    yield from ("", purpose.answers, "")
    yield from ("## Data", "")
    yield f"{snapshot['rows']:,} rows from {snapshot['first']} to {snapshot['last']}, SHA-256"
    yield f"`{snapshot['sha256']}`. Only what was known before {evaluation['as_of']} was used."
    yield from ("", "## Metrics on the test window", "")
    yield f"Accuracy is {purpose.accuracy}."
    yield ""
    yield from _table({_ALL: evaluation["metrics"], **evaluation.get("segments", {})}, "rows")
    champion = evaluation["champion"]
    if champion is not None:
        yield from ("", "## Beside the champion, on the same rows", "")
        yield from _table(
            {
                "this version": evaluation["metrics"],
                champion["semantic_version"]: champion["metrics"],
            },
            "version",
        )
        paired = champion["paired"]
        yield ""
        yield f"{paired['metric']} differs by {paired['difference']:+.4f}, standard error "
        yield f"{paired['standard_error']:.4f} over {paired['n_blocks']} blocks of users."
    yield from ("", "## Candidates", "")
    yield "Compared on the same rows of the validation window, the best first. `beside_best` is the"
    yield f"difference to that one with its {CONFIDENCE:.0%} paired bootstrap interval over users."
    yield ""
    for candidate in evaluation["candidates"]:
        yield f"- `{json.dumps(candidate, sort_keys=True)}`"
    yield from ("", "## Limits", "")
    yield from (f"- {limit}" for limit in purpose.limits)
    yield from ("", "## Lineage", "")
    yield from (f"- {name}: `{json.dumps(value)}`" for name, value in sorted(lineage.items()))


def _table(rows: Mapping[str, Mapping[str, float]], corner: str) -> Iterator[str]:
    """Yield a table of the numbers that the first row has, a line for each row."""
    columns: Sequence[str] = list(next(iter(rows.values())))
    yield f"| {corner} | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for name, numbers in rows.items():
        shown = (_shown(numbers.get(column)) for column in columns)
        yield f"| {name} | {' | '.join(shown)} |"


def _shown(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int) else f"{number:.4f}"
