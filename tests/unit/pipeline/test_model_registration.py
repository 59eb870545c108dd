from pathlib import Path
from typing import Any

import pytest

from mlops_platform.bundle.manifest import Manifest
from mlops_platform.bundle.signature import Field
from mlops_platform.bundle.writer import write_bundle
from mlops_platform.errors import BundleIntegrityError, TrainingArtifactError
from mlops_platform.pipeline.model_registration import ModelRegistration
from mlops_platform.registry.ledger_entry import key_of
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.registered_version import RegisteredVersion
from tests.unit.pipeline.conftest import BUNDLES, PutArchive, as_json, evaluation
from tests.unit.registry.fake_mlflow import FakeMlflow
from tests.unit.registry.fuse import Fuse, FusedClient, FusedMlflow, Killed
from tests.unit.registry.tables import LEDGER, ledger_in

MODEL = "fraud_detection"
# Graph, golden examples, reference profile, manifest.
N_FILES = 4


def bundle_files(
    folder: Path, *, model: bytes = b"graph", model_name: str = MODEL, run_id: str = ""
) -> dict[str, bytes]:
    """Write a bundle with the library's own writer and return its archive members."""

    def describe(files: Any) -> Manifest:
        return Manifest(
            model_name=model_name,
            algorithm="xgboost",
            as_of="2026-03-01T00:00:00Z",
            request=[Field(name="amount", type="number")],
            response=[Field(name="is_fraud", type="boolean")],
            feature_version=1,
            feature_names=["amount"],
            threshold=0.5,
            parity={"max_abs_diff": 1e-7, "n_rows": 10},
            lineage={"run_id": run_id, "random_state": 1},
            files=files,
        )

    write_bundle(folder, model=model, golden=[], reference_profile=b"", describe=describe)
    return {f"bundle/{path.name}": path.read_bytes() for path in folder.iterdir()}


def artifact(folder: Path, **bundle: Any) -> dict[str, bytes]:
    return {**bundle_files(folder, **bundle), "evaluation.json": as_json(evaluation())}


@pytest.fixture
def step(s3: Any, dynamodb: Any) -> ModelRegistration:
    return ModelRegistration(
        s3=s3,
        bundle_bucket=BUNDLES,
        registry=ModelRegistry(FakeMlflow()),
        ledger=ledger_in(dynamodb),
    )


def register(step: ModelRegistration, uri: str, execution: str = "e-1") -> dict[str, Any]:
    return step.register(model_name=MODEL, artifact_uri=uri, execution_name=execution)


def keys(s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUNDLES).get("Contents", [])]


def test_a_bundle_goes_to_its_place_and_into_staging(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    answer = register(step, put_archive(artifact(tmp_path / "b")))

    folder = f"{MODEL}/{answer['bundle_sha256'][:16]}/"
    assert answer["bundle_uri"] == f"s3://{BUNDLES}/{folder}"
    assert (answer["version"], answer["semantic_version"]) == ("1", "1.0.0")
    assert keys(s3) == [
        folder + name
        for name in ("golden.json", "manifest.json", "model.onnx", "reference_profile.json")
    ]
    (version,) = step.registry.versions(MODEL)
    assert str(version.stage) == "Staging"
    assert version.training_execution == "e-1"
    assert version.measurements["metrics"]["average_precision"] == 0.7
    assert version.measurements["contract"]["package_mb"] == 140.0
    entered, staged = step.ledger.verify(MODEL)
    assert [str(entered.transition), str(staged.transition)] == ["registered", "staged"]
    assert entered.subject == staged.subject == RegisteredVersion.of(version)
    assert entered.cause.evidence["metrics"]["average_precision"] == 0.7
    assert step.registry.aliases(MODEL) == {"staging": "1"}


def test_the_same_content_of_another_run_is_the_same_version(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    first = register(step, put_archive(artifact(tmp_path / "a", run_id="one")))

    again = register(step, put_archive(artifact(tmp_path / "b", run_id="two")), "e-2")

    assert again == first
    assert len(keys(s3)) == N_FILES


def test_other_content_is_another_version(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    register(step, put_archive(artifact(tmp_path / "a")))

    second = register(step, put_archive(artifact(tmp_path / "b", model=b"other")), "e-2")

    assert (second["version"], second["semantic_version"]) == ("2", "1.0.1")
    assert len(keys(s3)) == 2 * N_FILES


def test_a_registration_killed_at_any_call_is_finished_by_its_retry(
    s3: Any, dynamodb: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    uri = put_archive(artifact(tmp_path / "b"))
    killed = True
    at = 0

    while killed:
        at += 1
        fuse = Fuse()
        fuse.arm(at)
        step = ModelRegistration(
            s3=FusedClient(s3, fuse),
            bundle_bucket=BUNDLES,
            registry=ModelRegistry(FusedMlflow(fuse)),
            ledger=ledger_in(FusedClient(dynamodb, fuse)),
        )
        try:
            register(step, uri)
        except Killed:
            fuse.disarm()
            register(step, uri)
        else:
            killed = False
        fuse.disarm()
        assert len(keys(s3)) == N_FILES
        (version,) = step.registry.versions(MODEL)
        assert (str(version.semantic_version), str(version.stage)) == ("1.0.0", "Staging")
        entries = step.ledger.verify(MODEL)
        assert [str(entry.transition) for entry in entries] == ["registered", "staged"]
        for entry in entries:
            dynamodb.delete_item(TableName=LEDGER, Key=key_of(MODEL, entry.sequence))


@pytest.mark.parametrize("name", ["bundle/model.onnx", "bundle/golden.json"])
def test_a_changed_file_registers_nothing(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path, name: str
) -> None:
    uri = put_archive({**artifact(tmp_path / "b"), name: b"changed"})

    with pytest.raises(BundleIntegrityError):
        register(step, uri)

    assert keys(s3) == []
    assert step.registry.versions(MODEL) == []


def test_another_model_s_bundle_registers_nothing(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    uri = put_archive(artifact(tmp_path / "b", model_name="categorization"))

    with pytest.raises(BundleIntegrityError, match="one of categorization"):
        register(step, uri)

    assert keys(s3) == []


@pytest.mark.parametrize("lacking", ["bundle", "evaluation"])
def test_an_incomplete_archive_registers_nothing(
    step: ModelRegistration, s3: Any, put_archive: PutArchive, tmp_path: Path, lacking: str
) -> None:
    files = artifact(tmp_path / "b")
    uri = put_archive({n: c for n, c in files.items() if not n.startswith(lacking)})

    with pytest.raises(TrainingArtifactError, match=lacking):
        register(step, uri)

    assert keys(s3) == []
