"""What the drift decision answers: what moved, how far, and whether somebody should look."""

from dataclasses import dataclass
from typing import Any, Final

from mlops_platform.decisions.decision import Decision

# Cliff's delta from which a move is worth a page; 0.147 is called small, 0.33 medium.
PAGE_EFFECT: Final = 0.1
PERSISTENT_DAYS: Final = 2
SCORE: Final = "score"
# What kind of drift an input's move is: of the data, of the answers, or of the truth behind labels.
DATA: Final = "data"
PREDICTION: Final = "prediction"
TARGET: Final = "target"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One input, or the score, on the last day.

    Parameters
    ----------
    name
        The input's name, `SCORE` for what the model answers.
    kind
        `DATA`, `PREDICTION` or `TARGET`.
    measure
        Which of `MEASURES` moved most surely.
    detected
        Whether the move is significant.
    effect
        Its size on that day, with its sign.
    lasting_effect
        The least size over the last `PERSISTENT_DAYS` days, 0 unless it was significant on each of
        them and in the same direction.
    statistic, threshold
        Standard errors, and how many are significant.
    independent_days
        How many days of the reference that rests on.
    """

    name: str
    kind: str
    measure: str
    detected: bool
    effect: float
    lasting_effect: float
    statistic: float
    threshold: float
    independent_days: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON's own types."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in vars(self).items()
        }


@dataclass(frozen=True, kw_only=True)
class DriftDecision(Decision):
    """The decision on a model: FAIL if anything moved on the last day.

    Parameters
    ----------
    moved
        Every input and the score, the surest first; empty where the decision is INCONCLUSIVE.
    """

    moved: tuple[Moved, ...] = ()

    @property
    def detected(self) -> bool:
        """Whether something moved significantly on the last day."""
        return any(moved.detected for moved in self.moved)

    @property
    def named(self) -> tuple[str, ...]:
        """What moved, the surest first."""
        return tuple(moved.name for moved in self.moved if moved.detected)

    @property
    def page(self) -> bool:
        """Whether somebody should look: a move of data or answers is significant, large and lasts.

        A move of the truth pages nobody here: it is no fault of the data, it comes as late as
        labels do, and a wave of it is beyond what any few weeks of reference could foretell. What
        it costs shows in the model's performance.
        """
        return self.model_drift_score >= PAGE_EFFECT

    @property
    def model_drift_score(self) -> float:
        """The largest effect on data or answers that lasts, 0 unless it is significant."""
        scores = self.drift_scores()
        return max(scores[DATA], scores[PREDICTION])

    def drift_scores(self) -> dict[str, float]:
        """Return the largest lasting effect of each kind."""
        scores = dict.fromkeys((DATA, PREDICTION, TARGET), 0.0)
        for moved in self.moved:
            scores[moved.kind] = max(scores[moved.kind], moved.lasting_effect)
        return scores

    def to_dict(self) -> dict[str, Any]:
        """Return the decision with every input as JSON's own types."""
        return {
            **super().to_dict(),
            "detected": self.detected,
            "page": self.page,
            "model_drift_score": round(self.model_drift_score, 4),
            "drift_scores": {kind: round(v, 4) for kind, v in self.drift_scores().items()},
            "inputs": [moved.to_dict() for moved in self.moved],
        }
