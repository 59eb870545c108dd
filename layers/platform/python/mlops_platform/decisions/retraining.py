"""Whether a model whose world has changed is to be trained again now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mlops_platform.decisions.decision import Decision, Verdict, weakest

# Of a rare answer only a few come with many labels, and what they have in common takes some.
MIN_LABELS: Final = 1_000
MIN_OF_EACH: Final = 25
# Two retrainings for one change of the world would only differ by chance.
COOL_DOWN: Final = timedelta(days=7)
_SOURCE: Final = "Settings of this rule; see docs/decisions/0023"


@dataclass(frozen=True, kw_only=True)
class LabelsAfterChange:
    """Labels of what happened after the world changed, as far as a training of now can learn them.

    Parameters
    ----------
    n_positive, n_negative
        How many there are.
    """

    n_positive: int
    n_negative: int


def decide_retraining(
    labels: LabelsAfterChange, *, last: datetime | None, now: datetime
) -> Decision:
    """Decide whether to train.

    Parameters
    ----------
    labels
        What there is to learn from.
    last
        When drift had this model trained last, if ever.
    now
        The moment of the decision.

    Returns
    -------
    Decision
        PASS says to train now, INCONCLUSIVE to ask again later; there is no FAIL.
    """
    checks = (_enough(labels), _cooled_down(last, now))
    verdict = weakest([check.verdict for check in checks])
    return Decision(
        name="retraining",
        verdict=verdict,
        summary=_sentence(verdict, checks),
        evidence={name: value for check in checks for name, value in check.evidence.items()},
        source=_SOURCE,
        checks=checks,
    )


def _enough(labels: LabelsAfterChange) -> Decision:
    n = labels.n_positive + labels.n_negative
    rarer = min(labels.n_positive, labels.n_negative)
    enough = n >= MIN_LABELS and rarer >= MIN_OF_EACH
    return Decision(
        name="labels",
        verdict=Verdict.PASS if enough else Verdict.INCONCLUSIVE,
        summary=(
            f"{n} labels from after the change can be learnt from, {rarer} of the rarer answer; "
            f"{MIN_LABELS} and {MIN_OF_EACH} are needed."
        ),
        evidence={"n_labels": n, "n_of_rarer": rarer},
    )


def _cooled_down(last: datetime | None, now: datetime) -> Decision:
    over = last is None or now - last >= COOL_DOWN
    told = "Drift had it never trained before." if last is None else f"The last one began {last}."
    return Decision(
        name="cool_down",
        verdict=Verdict.PASS if over else Verdict.INCONCLUSIVE,
        summary=f"{told} {COOL_DOWN.days} days lie between two.",
        evidence={"last": last.isoformat() if last else None},
    )


def _sentence(verdict: Verdict, checks: Sequence[Decision]) -> str:
    outcome = "Training starts" if verdict is Verdict.PASS else "Training waits"
    decisive = " ".join(check.summary for check in checks if check.verdict is verdict)
    return f"{outcome}. {decisive}"
