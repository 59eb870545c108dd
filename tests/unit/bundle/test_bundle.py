"""A bundle is what its manifest says, or it is refused."""

import json
from pathlib import Path

import pytest

from mlops_platform.bundle.manifest import (
    GOLDEN,
    MANIFEST,
    MODEL,
    REFERENCE_PROFILE,
    Manifest,
)
from mlops_platform.bundle.reader import open_bundle
from mlops_platform.bundle.signature import Field
from mlops_platform.bundle.writer import write_bundle
from mlops_platform.errors import BundleIntegrityError


def write(folder: Path, *, model: bytes = b"graph", run_id: str = "r1") -> Manifest:
    return write_bundle(
        folder,
        model=model,
        golden=[{"request": {"amount": 1.0}, "states": {}, "expected": {}}],
        reference_profile=b"counts",
        describe=lambda files: Manifest(
            model_name="fraud_detection",
            algorithm="xgboost",
            as_of="2025-03-01T00:00:00Z",
            request=[Field(name="amount", type="number", required=True)],
            response=[Field(name="fraud_probability", type="number")],
            feature_version=1,
            feature_names=["amount"],
            threshold=0.5,
            parity={"max_abs_diff": 0.0, "n_rows": 10},
            lineage={"data_snapshot_sha256": "d", "run_id": run_id},
            files=files,
        ),
    )


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    manifest = write(tmp_path / "bundle")

    bundle = open_bundle(tmp_path / "bundle")

    assert bundle.manifest == manifest
    assert bundle.model == b"graph"
    assert bundle.reference_profile == b"counts"
    assert bundle.golden_examples()[0]["request"] == {"amount": 1.0}


def test_the_hash_depends_on_content_and_not_on_the_run(tmp_path: Path) -> None:
    first = write(tmp_path / "a").bundle_sha256

    assert write(tmp_path / "b", run_id="r2").bundle_sha256 == first
    assert write(tmp_path / "c", model=b"other").bundle_sha256 != first


@pytest.mark.parametrize("name", [MODEL, GOLDEN, REFERENCE_PROFILE])
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / name).write_bytes(b"tampered")

    with pytest.raises(BundleIntegrityError, match=name):
        open_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("name", [MODEL, MANIFEST])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / name).unlink()

    with pytest.raises(BundleIntegrityError):
        open_bundle(tmp_path / "bundle")


def test_a_file_that_nobody_named_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / "model.pkl").write_bytes(b"surprise")

    with pytest.raises(BundleIntegrityError, match=r"model\.pkl"):
        open_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("change", [{"schema_version": 99}, {"signature": {}}])
def test_a_manifest_of_another_shape_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    write(tmp_path / "bundle")
    path = tmp_path / "bundle" / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(BundleIntegrityError):
        open_bundle(tmp_path / "bundle")


def test_a_bundle_without_a_reference_profile_opens_and_says_what_it_lacks(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / REFERENCE_PROFILE).unlink()
    path = tmp_path / "bundle" / MANIFEST
    document = json.loads(path.read_text())
    del document["files"][REFERENCE_PROFILE]
    path.write_text(json.dumps(document))
    bundle = open_bundle(tmp_path / "bundle")

    with pytest.raises(BundleIntegrityError, match="Train the model again"):
        _ = bundle.reference_profile
