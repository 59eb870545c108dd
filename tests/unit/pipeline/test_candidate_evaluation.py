from typing import Any

import pytest

from mlops_platform.aws.clients import client
from mlops_platform.errors import ModelNotFoundError, TrainingArtifactError
from mlops_platform.pipeline.candidate_evaluation import CandidateEvaluation
from tests.unit.pipeline.conftest import PutArchive, as_json, evaluation
from tests.unit.registry.tables import ledger_in

MODEL = "fraud_detection"
CHAMPION = {"version": "1", "semantic_version": "1.0.0", "bundle_uri": "s3://b/1/", "revision": 1}


def decide(
    s3: Any,
    uri: str,
    champion: dict[str, Any] | None = None,
    asked: float | None = None,
) -> Any:
    return step_of(s3).evaluate(
        model_name=MODEL,
        artifact_uri=uri,
        champion=champion,
        auto_promote_threshold=asked,
        execution_name="e-1",
    )


def step_of(s3: Any) -> CandidateEvaluation:
    ledger = ledger_in(client("dynamodb"))
    return CandidateEvaluation(s3=s3, ledger=ledger)


def test_a_good_first_model_passes(s3: Any, put_archive: PutArchive) -> None:
    uri = put_archive({"evaluation.json": as_json(evaluation())})

    answer = decide(s3, uri)

    assert (answer["verdict"], answer["gate"]) == ("PASS", "auto")
    assert answer["artifact_uri"] == uri
    assert answer["metrics"]["average_precision"] == 0.7
    assert [check["verdict"] for check in answer["checks"]] == ["PASS"] * 5
    assert as_json(answer)


@pytest.mark.parametrize(
    ("difference", "standard_error", "verdict"),
    [(0.01, 0.001, "PASS"), (-0.3, 0.01, "FAIL"), (0.0, 0.2, "INCONCLUSIVE")],
)
def test_the_champion_is_compared_with(
    s3: Any, put_archive: PutArchive, difference: float, standard_error: float, verdict: str
) -> None:
    paired = {
        "metric": "average_precision",
        "difference": difference,
        "standard_error": standard_error,
        "n_blocks": 10,
    }
    measured = {"semantic_version": "1.0.0", "metrics": {}, "paired": paired}
    uri = put_archive({"evaluation.json": as_json(evaluation(champion=measured))})

    assert decide(s3, uri, CHAMPION)["verdict"] == verdict
    # A retry decides the same, and is no second rejection.
    decide(s3, uri, CHAMPION)
    entries = ledger_in(client("dynamodb")).verify(MODEL)
    assert [str(e.transition) for e in entries] == ([] if verdict == "PASS" else ["rejected"])


def test_a_champion_that_training_could_not_measure_is_left_to_a_person(
    s3: Any, put_archive: PutArchive
) -> None:
    uri = put_archive({"evaluation.json": as_json(evaluation())})

    answer = decide(s3, uri, CHAMPION)

    assert (answer["verdict"], answer["gate"]) == ("PASS", "manual")


@pytest.mark.parametrize(
    ("asked", "counted", "gate"),
    [(None, 0.95, "auto"), (0.995, 0.995, "manual"), (0.5, 0.95, "auto")],
)
def test_an_execution_may_be_stricter_than_its_model_never_laxer(
    s3: Any,
    put_archive: PutArchive,
    asked: float | None,
    counted: float,
    gate: str,
) -> None:
    uri = put_archive({"evaluation.json": as_json(evaluation())})

    answer = decide(s3, uri, asked=asked)

    assert (answer["auto_promote_threshold"], answer["gate"]) == (counted, gate)


def test_an_evaluation_without_numbers_is_refused(s3: Any, put_archive: PutArchive) -> None:
    uri = put_archive({"evaluation.json": b"{}"})

    with pytest.raises(TrainingArtifactError, match="metrics"):
        decide(s3, uri)


def test_an_unknown_model_is_named(s3: Any) -> None:
    step = step_of(s3)

    with pytest.raises(ModelNotFoundError, match="Known models: fraud_detection"):
        step.evaluate(
            model_name="nothing",
            artifact_uri="s3://a/b",
            champion=None,
            auto_promote_threshold=None,
            execution_name="e-1",
        )
