"""The steps one after another, as the state machine calls them: JSON goes in, JSON comes out."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlops_platform.errors import ChampionChangedError
from mlops_platform.pipeline.candidate_evaluation import CandidateEvaluation
from mlops_platform.pipeline.model_registration import ModelRegistration
from mlops_platform.pipeline.model_release import ModelRelease
from mlops_platform.pipeline.table_objects import DataBucket
from mlops_platform.pipeline.training_preparation import TrainingPreparation
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.reconciliation import Reconciliation
from mlops_platform.registry.transition import Cause
from tests.unit.pipeline.conftest import BUNDLES, DATA, PutArchive, as_json, evaluation
from tests.unit.pipeline.test_model_registration import bundle_files
from tests.unit.pipeline.test_training_preparation import labels, put, transactions
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.tables import ledger_in

MODEL = "fraud_detection"


def through_json(value: Any) -> Any:
    """Return what a state machine passes on of an answer."""
    return json.loads(json.dumps(value, allow_nan=False))


class Pipeline:
    """All steps over one platform; training is the archive that a test gives."""

    def __init__(self, s3: Any, dynamodb: Any) -> None:
        self.ledger = ledger_in(dynamodb)
        self.registry = ModelRegistry(FakeMlflow())
        self.validate = TrainingPreparation(
            data_bucket=DataBucket(s3, DATA),
            routing_table=self.ledger.routing_table,
            encoder_weights="embedded",
        )
        self.evaluate = CandidateEvaluation(s3=s3, ledger=self.ledger)
        self.register = ModelRegistration(
            s3=s3, bundle_bucket=BUNDLES, registry=self.registry, ledger=self.ledger
        )
        self.release = ModelRelease(self.ledger)

    def prepare(self, execution: str) -> Any:
        return through_json(
            self.validate.prepare(
                model_name=MODEL,
                as_of="2026-03-01T00:00:00Z",
                cause="schedule",
                execution_name=execution,
                execution_input={},
            )
        )

    def finish(self, data: Any, uri: str, execution: str) -> Any:
        """Return the release's answer, or the gate's if it did not pass."""
        verdict = through_json(
            self.evaluate.evaluate(
                model_name=MODEL,
                artifact_uri=uri,
                champion=data["champion"],
                auto_promote_threshold=data["auto_promote_threshold"],
                execution_name=execution,
            )
        )
        if verdict["verdict"] != "PASS":
            return verdict
        version = through_json(
            self.register.register(model_name=MODEL, artifact_uri=uri, execution_name=execution)
        )
        comparison = {"champion": data["champion"]}
        prepared = through_json(
            self.release.prepare(
                model_name=MODEL, version=version["version"], comparison=comparison
            )
        )
        cause = Cause(operation=execution, who="training pipeline", why="schedule")
        answer = self.release.release(model_name=MODEL, prepared=prepared, cause=cause)
        Reconciliation(self.ledger, self.registry).reconcile(MODEL)
        return through_json(answer)

    def history(self) -> list[str]:
        return [str(entry.transition) for entry in self.ledger.verify(MODEL)]


@pytest.fixture
def pipeline(s3: Any, dynamodb: Any) -> Pipeline:
    put(s3, "transactions", transactions())
    put(s3, "fraud_labels", labels())
    return Pipeline(s3, dynamodb)


def archive(folder: Path, model: bytes, difference: float | None = None) -> dict[str, bytes]:
    paired = {
        "metric": "average_precision",
        "difference": difference,
        "standard_error": 0.001,
        "n_blocks": 12,
    }
    champion = None if difference is None else {"semantic_version": "1.0.0", "paired": paired}
    return {
        **bundle_files(folder, model=model),
        "evaluation.json": as_json(evaluation(champion=champion)),
    }


def test_the_second_version_is_compared_with_the_first_and_replaces_it(
    pipeline: Pipeline, put_archive: PutArchive, tmp_path: Path
) -> None:
    first = pipeline.finish(
        pipeline.prepare("e-1"), put_archive(archive(tmp_path / "1", b"first")), "e-1"
    )
    data = pipeline.prepare("e-2")
    second = pipeline.finish(
        data, put_archive(archive(tmp_path / "2", b"second", difference=0.01)), "e-2"
    )

    assert (first["semantic_version"], first["revision"]) == ("1.0.0", 3)
    assert (second["semantic_version"], second["revision"]) == ("1.0.1", 6)
    assert pipeline.history() == ["registered", "staged", "released"] * 2
    assert data["champion"]["semantic_version"] == "1.0.0"
    stages = [str(version.stage) for version in pipeline.registry.versions(MODEL)]
    assert stages == ["Archived", "Production"]


def test_a_worse_candidate_leaves_the_champion_and_no_version(
    pipeline: Pipeline, put_archive: PutArchive, tmp_path: Path
) -> None:
    uri = put_archive(archive(tmp_path / "1", b"first"))
    pipeline.finish(pipeline.prepare("e-1"), uri, "e-1")

    worse = put_archive(archive(tmp_path / "2", b"second", difference=-0.2))
    answer = pipeline.finish(pipeline.prepare("e-2"), worse, "e-2")

    assert answer["verdict"] == "FAIL"
    assert "the champion stays" in answer["summary"]
    assert [v.version for v in pipeline.registry.versions(MODEL)] == ["1"]
    assert pipeline.prepare("e-3")["champion"]["version"] == "1"
    rejected = pipeline.ledger.head(MODEL)
    assert rejected is not None
    assert str(rejected.transition) == "rejected"
    assert rejected.cause.why == answer["summary"]


def test_a_refresh_that_changes_nothing_keeps_version_and_revision(
    pipeline: Pipeline, put_archive: PutArchive, tmp_path: Path
) -> None:
    uri = put_archive(archive(tmp_path / "1", b"first"))
    first = pipeline.finish(pipeline.prepare("e-1"), uri, "e-1")

    same = put_archive(archive(tmp_path / "2", b"first", difference=0.0))
    again = pipeline.finish(pipeline.prepare("e-2"), same, "e-2")

    assert again == first
    assert pipeline.history() == ["registered", "staged", "released"]
    assert pipeline.registry.aliases(MODEL) == {"production": "1"}


def test_of_two_executions_at_once_one_is_told_that_the_champion_changed(
    pipeline: Pipeline, put_archive: PutArchive, tmp_path: Path
) -> None:
    slow = pipeline.prepare("slow")
    quick = put_archive(archive(tmp_path / "1", b"quick"))
    pipeline.finish(pipeline.prepare("quick"), quick, "quick")

    late = put_archive(archive(tmp_path / "2", b"slow"))
    with pytest.raises(ChampionChangedError, match="no champion at revision 0, but version 1"):
        pipeline.finish(slow, late, "slow")

    assert pipeline.prepare("next")["champion"]["version"] == "1"
    stages = [str(version.stage) for version in pipeline.registry.versions(MODEL)]
    assert stages == ["Production", "Staging"]
