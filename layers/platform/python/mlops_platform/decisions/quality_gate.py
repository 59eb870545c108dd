"""Whether a candidate may replace the champion: every check must hold, and each says why."""

import math
from collections.abc import Mapping
from typing import Any

from mlops_platform.config.limits import PARITY_TOLERANCE
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.decisions.decision import Decision, Verdict, weakest
from mlops_platform.decisions.non_inferiority import PairedDifference, decide_non_inferiority
from mlops_platform.errors import TrainingArtifactError

# AWS Lambda's limit for code and layers, unzipped.
PACKAGE_LIMIT_MB = 250.0


def decide_quality(
    model: ModelConfig, evaluation: Mapping[str, Any], *, expects_champion: bool = False
) -> Decision:
    """Decide on a candidate by the evaluation that its training job wrote.

    Parameters
    ----------
    model
        Thresholds, margin and latency budget.
    evaluation
        ``metrics``, ``contract`` and ``champion`` (null if there was none).
    expects_champion
        Whether a champion serves. Should the evaluation not have measured it (its bundle is
        damaged, or wants features of older code), the numbers alone decide, and the caller leaves
        Production to a person: otherwise such a champion could never be replaced.

    Returns
    -------
    Decision
        The weakest verdict of its checks: accuracy, primary metric, parity, latency, package.

    Raises
    ------
    TrainingArtifactError
        The evaluation lacks a number that a check needs.
    """
    try:
        metrics, contract = evaluation["metrics"], evaluation["contract"]
        checks = (
            _at_least("accuracy", float(metrics["accuracy"]), model.accuracy_threshold),
            _primary_metric(model, evaluation, expects_champion=expects_champion),
            _at_most("parity_max_abs_diff", contract["parity_max_abs_diff"], PARITY_TOLERANCE),
            _at_most("latency_ms_p95", contract["latency_ms_p95"], model.latency_budget_ms),
            _at_most("package_mb", contract["package_mb"], PACKAGE_LIMIT_MB),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise TrainingArtifactError(
            f"evaluation.json of {model.name} lacks what the quality gate reads ({error!r}); "
            "the training job must write metrics, contract and champion."
        ) from error
    return _combined(model, checks)


def _combined(model: ModelConfig, checks: tuple[Decision, ...]) -> Decision:
    """Let the weakest check decide, and say first what did not pass."""
    verdict = weakest([check.verdict for check in checks])
    decisive = [check for check in checks if check.verdict == verdict]
    outcome = {
        Verdict.PASS: "may be promoted",
        Verdict.FAIL: "is rejected, the champion stays",
        Verdict.INCONCLUSIVE: "is not proved good enough, the champion stays",
    }[verdict]
    sentences = " ".join(check.summary for check in decisive)
    return Decision(
        name="quality_gate",
        verdict=verdict,
        summary=f"The candidate of {model.name} {outcome}. {sentences}",
        evidence={check.name: str(check.verdict) for check in checks},
        source="All checks must pass",
        checks=checks,
    )


def _primary_metric(
    model: ModelConfig, evaluation: Mapping[str, Any], *, expects_champion: bool
) -> Decision:
    """Compare with the champion, or with chance where there is none."""
    champion = evaluation["champion"]
    if champion is not None:
        paired = _paired(champion["paired"])
        if paired.metric != model.primary_metric:
            raise ValueError(f"paired on {paired.metric}, not on {model.primary_metric}")
        return decide_non_inferiority(paired, margin=model.non_inferiority_margin)
    return _beats_chance(
        model.primary_metric, evaluation["metrics"], expects_champion=expects_champion
    )


def _paired(measured: Mapping[str, Any]) -> PairedDifference:
    return PairedDifference(
        metric=str(measured["metric"]),
        difference=float(measured["difference"]),
        standard_error=float(measured["standard_error"]),
        n_blocks=int(measured["n_blocks"]),
    )


def _beats_chance(metric: str, metrics: Mapping[str, Any], *, expects_champion: bool) -> Decision:
    """Ask of a model without a comparison that it knows more than the class shares do."""
    value = float(metrics[metric])
    chance = _chance_level(metric, metrics)
    passed = value > chance
    reason = (
        "The champion could not be measured on the same rows, so a person must compare"
        if expects_champion
        else "No champion to compare with"
    )
    return Decision(
        name=metric,
        verdict=Verdict.PASS if passed else Verdict.FAIL,
        summary=(
            f"{reason}: {metric} is {value:.4f}, "
            f"{'above' if passed else 'not above'} the {chance:.4f} of chance."
        ),
        evidence={"value": value, "chance": chance},
        source="A ranking without knowledge has the share of positives as average precision",
    )


def _chance_level(metric: str, metrics: Mapping[str, Any]) -> float:
    """Return what `metric` is without any knowledge of the rows."""
    if metric == "average_precision":
        return float(metrics["n_positive"]) / float(metrics["n_rows"])
    if metric == "accuracy":
        return float(metrics["majority_accuracy"])
    raise ValueError(f"no chance level is known for {metric}")


def _at_least(name: str, value: float, threshold: float) -> Decision:
    return _bound(name, float(value), threshold, passed=value >= threshold, relation="at least")


def _at_most(name: str, value: float, limit: float) -> Decision:
    return _bound(name, float(value), limit, passed=value <= limit, relation="at most")


def _bound(name: str, value: float, bound: float, *, passed: bool, relation: str) -> Decision:
    """Decide on one number; NaN is within no bound."""
    verdict = Verdict.PASS if passed and math.isfinite(value) else Verdict.FAIL
    return Decision(
        name=name,
        verdict=verdict,
        summary=f"{name} is {value:.4g}; {relation} {bound:g} is asked for.",
        evidence={"value": value if math.isfinite(value) else None, "bound": bound},
        source=f"Setting of the model or limit of the runtime: {relation} {bound:g}",
    )
