"""What the decision engine answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The three answers; INCONCLUSIVE means that the evidence does not suffice, not "no"."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One question, its answer and the evidence.

    Parameters
    ----------
    name
        The question, e.g. ``accuracy``.
    verdict
        The answer.
    summary
        The answer in a sentence with its numbers.
    evidence
        The numbers themselves, by name with their unit.
    source
        Where the rule comes from: a paper, a standard or a setting.
    checks
        The decisions that this one combines.
    """

    name: str
    verdict: Verdict
    summary: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    checks: tuple["Decision", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the decision without its checks as JSON's own types."""
        return {
            "name": self.name,
            "verdict": str(self.verdict),
            "summary": self.summary,
            "evidence": dict(self.evidence),
            "source": self.source,
        }


def weakest(verdicts: Sequence[Verdict]) -> Verdict:
    """Combine verdicts of which all must hold: one FAIL fails, one doubt leaves doubt.

    Examples
    --------
    >>> str(weakest([Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL]))
    'FAIL'
    >>> str(weakest([Verdict.PASS, Verdict.INCONCLUSIVE]))
    'INCONCLUSIVE'
    """
    for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS
