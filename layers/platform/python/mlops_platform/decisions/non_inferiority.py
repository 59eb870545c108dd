"""The candidate may be at most a margin worse than the champion, measured on the same rows."""

import math
from dataclasses import dataclass

from mlops_platform.decisions.decision import Decision, Verdict
from mlops_platform.decisions.student_t import quantile

SOURCE = (
    "Two-sided t interval of the paired difference over blocks against a non-inferiority margin "
    "(ICH E9 1998, section 3.3.2)"
)


@dataclass(frozen=True, kw_only=True)
class PairedDifference:
    """Candidate minus champion on the same rows.

    Parameters
    ----------
    metric
        What was measured; higher is better.
    difference
        The mean difference, in units of the metric.
    standard_error
        Its standard error over the blocks, in units of the metric.
    n_blocks
        The number of blocks of rows (e.g. days) that were resampled or averaged; 0 if the standard
        error could not be measured.
    """

    metric: str
    difference: float
    standard_error: float
    n_blocks: int

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the t interval of the difference; without two blocks it is unbounded."""
        known = math.isfinite(self.difference) and math.isfinite(self.standard_error)
        if self.n_blocks < 2 or not known:  # noqa: PLR2004 - a variance needs two
            return -math.inf, math.inf
        half = quantile((1 + confidence) / 2, self.n_blocks - 1) * self.standard_error
        return self.difference - half, self.difference + half


def decide_non_inferiority(
    paired: PairedDifference, *, margin: float, confidence: float = 0.95
) -> Decision:
    """Decide whether the candidate is not worse than the champion by more than `margin`.

    Parameters
    ----------
    paired
        The measured difference.
    margin
        The largest loss that still counts as "not worse", in units of the metric, > 0.
    confidence
        Coverage of the two-sided interval; 0.95 leaves 2.5 % for passing what is worse.

    Returns
    -------
    Decision
        PASS if the whole interval lies above ``-margin``, FAIL if it lies below, otherwise
        INCONCLUSIVE.
    """
    low, high = paired.interval(confidence)
    if low > -margin:
        verdict, meaning = Verdict.PASS, "not worse than the champion"
    elif high < -margin:
        verdict, meaning = Verdict.FAIL, "worse than the champion"
    else:
        verdict = Verdict.INCONCLUSIVE
        meaning = "perhaps worse than the champion; the champion stays until more data decide"
    return Decision(
        name=paired.metric,
        verdict=verdict,
        summary=(
            f"{paired.metric} differs by {paired.difference:+.4f} "
            f"({confidence:.0%} interval {low:+.4f} to {high:+.4f} over {paired.n_blocks} blocks, "
            f"margin {margin:g}): {meaning}."
        ),
        evidence={
            "difference": paired.difference,
            "standard_error": paired.standard_error,
            "n_blocks": paired.n_blocks,
            "confidence": confidence,
            "margin": margin,
            # JSON has no infinity: an unbounded end is null.
            "lower_bound": low if math.isfinite(low) else None,
            "upper_bound": high if math.isfinite(high) else None,
        },
        source=SOURCE,
    )
