import copy
import json
from typing import Any

import pytest

from mlops_platform.config.model_config import ModelConfig
from mlops_platform.decisions.decision import Decision, Verdict
from mlops_platform.decisions.quality_gate import decide_quality
from mlops_platform.errors import TrainingArtifactError

MODEL = ModelConfig(
    name="fraud_detection",
    model_type="xgboost",
    accuracy_threshold=0.95,
    primary_metric="average_precision",
    non_inferiority_margin=0.02,
    latency_budget_ms=50.0,
)
EVALUATION: dict[str, Any] = {
    "metrics": {
        "average_precision": 0.7,
        "accuracy": 0.99,
        "majority_accuracy": 0.98,
        "n_rows": 10_000,
        "n_positive": 200,
    },
    "contract": {"parity_max_abs_diff": 6e-7, "latency_ms_p95": 0.1, "package_mb": 140.0},
    "champion": None,
}
PAIRED = {
    "metric": "average_precision",
    "difference": 0.01,
    "standard_error": 0.002,
    "n_blocks": 14,
}


def evaluation(**changes: Any) -> dict[str, Any]:
    """Return the good evaluation with ``group__name=value`` changed."""
    changed = copy.deepcopy(EVALUATION)
    for path, value in changes.items():
        group, _, name = path.partition("__")
        changed[group][name] = value
    return changed


def with_champion(**paired: Any) -> dict[str, Any]:
    champion = {"semantic_version": "1.0.0", "metrics": {}, "paired": {**PAIRED, **paired}}
    return {**copy.deepcopy(EVALUATION), "champion": champion}


def check(decision: Decision, name: str) -> Decision:
    return next(entry for entry in decision.checks if entry.name == name)


def test_the_first_model_passes_because_there_is_nothing_to_compare_with() -> None:
    decision = decide_quality(MODEL, EVALUATION)

    assert decision.verdict is Verdict.PASS
    primary = check(decision, "average_precision")
    assert "No champion to compare with" in primary.summary
    assert primary.evidence == {"value": 0.7, "chance": 0.02}


def test_the_first_model_must_beat_chance() -> None:
    decision = decide_quality(MODEL, evaluation(metrics__average_precision=0.02))

    assert decision.verdict is Verdict.FAIL
    assert "not above" in decision.summary


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"metrics__accuracy": 0.949}, "accuracy"),
        ({"metrics__accuracy": float("nan")}, "accuracy"),
        ({"contract__parity_max_abs_diff": 2e-5}, "parity_max_abs_diff"),
        ({"contract__parity_max_abs_diff": float("nan")}, "parity_max_abs_diff"),
        ({"contract__latency_ms_p95": 51.0}, "latency_ms_p95"),
        ({"contract__package_mb": 251.0}, "package_mb"),
    ],
)
def test_each_check_alone_rejects(change: dict[str, float], name: str) -> None:
    decision = decide_quality(MODEL, evaluation(**change))

    assert decision.verdict is Verdict.FAIL
    assert check(decision, name).verdict is Verdict.FAIL
    assert name in decision.summary


def test_bounds_themselves_are_allowed() -> None:
    at_the_bounds = evaluation(
        metrics__accuracy=0.95,
        contract__parity_max_abs_diff=1e-5,
        contract__latency_ms_p95=50.0,
        contract__package_mb=250.0,
    )

    assert decide_quality(MODEL, at_the_bounds).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("paired", "verdict"),
    [
        ({}, Verdict.PASS),
        ({"difference": -0.2}, Verdict.FAIL),
        ({"standard_error": 0.1}, Verdict.INCONCLUSIVE),
    ],
)
def test_the_champion_decides_about_the_primary_metric(
    paired: dict[str, float], verdict: Verdict
) -> None:
    decision = decide_quality(MODEL, with_champion(**paired), expects_champion=True)

    assert decision.verdict is verdict
    assert check(decision, "average_precision").verdict is verdict


def test_doubt_keeps_the_champion_and_says_so() -> None:
    decision = decide_quality(MODEL, with_champion(standard_error=0.1))

    assert "the champion stays" in decision.summary


def test_a_champion_that_could_not_be_measured_does_not_stay_for_ever() -> None:
    decision = decide_quality(MODEL, EVALUATION, expects_champion=True)

    assert decision.verdict is Verdict.PASS
    assert "a person must compare" in check(decision, "average_precision").summary


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {**EVALUATION, "metrics": {}},
        {**EVALUATION, "contract": None},
        {**EVALUATION, "champion": {"paired": {"metric": "average_precision"}}},
        with_champion(metric="accuracy"),
        evaluation(metrics__n_rows=0),
        evaluation(metrics__accuracy="high"),
    ],
)
def test_an_evaluation_that_lacks_numbers_is_named_as_such(broken: dict[str, Any]) -> None:
    with pytest.raises(TrainingArtifactError, match=r"evaluation\.json of fraud_detection"):
        decide_quality(MODEL, broken)


def test_every_check_can_be_written_as_strict_json() -> None:
    decision = decide_quality(MODEL, evaluation(metrics__accuracy=float("nan")))

    for entry in decision.checks:
        assert json.dumps(entry.to_dict(), allow_nan=False)
        assert entry.source
