import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from mlops_platform.errors import TrainingArtifactError
from mlops_platform.pipeline.training_artifact import TrainingArtifact
from tests.unit.pipeline.conftest import ARTIFACTS, PutArchive, archive_of, put_bytes

FILES = {
    "bundle/model.onnx": b"graph",
    "bundle/manifest.json": b"{}",
    "evaluation.json": b'{"verdict": 1}',
    "feature_state.jsonl.gz": b"\x1f\x8b",
}


def archive_with(member: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(member, io.BytesIO(b"x" * member.size))
    return buffer.getvalue()


def test_one_file_is_read_out_of_the_archive(s3: Any, put_archive: PutArchive) -> None:
    artifact = TrainingArtifact(s3, put_archive(FILES))

    assert artifact.read_json("evaluation.json") == {"verdict": 1}


def test_a_number_that_json_does_not_know_is_null(s3: Any, put_archive: PutArchive) -> None:
    artifact = TrainingArtifact(s3, put_archive({"evaluation.json": b'{"auc": NaN, "n": 1}'}))

    assert artifact.read_json("evaluation.json") == {"auc": None, "n": 1}


def test_names_may_begin_with_a_dot_as_tar_writes_them(s3: Any, put_archive: PutArchive) -> None:
    artifact = TrainingArtifact(s3, put_archive({"./evaluation.json": b"{}"}))

    assert artifact.read_json("evaluation.json") == {}


def test_a_folder_is_extracted_and_nothing_beside_it(
    s3: Any, put_archive: PutArchive, tmp_path: Path
) -> None:
    artifact = TrainingArtifact(s3, put_archive({**FILES, "bundle/deep/golden.json": b"[]"}))

    written = artifact.extract("bundle", tmp_path)

    names = ["deep/golden.json", "manifest.json", "model.onnx"]
    assert sorted(str(path.relative_to(tmp_path)) for path in written) == names
    assert (tmp_path / "model.onnx").read_bytes() == b"graph"


@pytest.mark.parametrize("name", ["../evil", "bundle/../../evil", "/etc/evil"])
def test_a_path_that_leads_out_is_refused(
    s3: Any, put_archive: PutArchive, tmp_path: Path, name: str
) -> None:
    artifact = TrainingArtifact(s3, put_archive({name: b"x", **FILES}))

    with pytest.raises(TrainingArtifactError, match="leads out of the archive"):
        artifact.extract("bundle", tmp_path / "target")

    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_device_is_refused(s3: Any, tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("bundle/model.onnx")
    member.type, member.linkname = kind, "/etc/passwd"
    artifact = TrainingArtifact(s3, put_bytes(s3, archive_with(member)))

    with pytest.raises(TrainingArtifactError, match="link or a device"):
        artifact.extract("bundle", tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive at all",
        archive_of(FILES)[:40],
        archive_of({"bundle/model.onnx": bytes(range(256)) * 999})[:-900],
    ],
    ids=["empty", "text", "cut early", "cut late"],
)
def test_a_damaged_archive_is_named_as_such(s3: Any, tmp_path: Path, content: bytes) -> None:
    artifact = TrainingArtifact(s3, put_bytes(s3, content))

    with pytest.raises(TrainingArtifactError, match="train again"):
        artifact.extract("bundle", tmp_path)


@pytest.mark.parametrize(
    "uri", [f"s3://{ARTIFACTS}/nothing.tar.gz", "s3://no-such-bucket/model.tar.gz"]
)
def test_an_archive_that_is_not_there_is_named(s3: Any, uri: str) -> None:
    with pytest.raises(TrainingArtifactError, match="does not exist"):
        TrainingArtifact(s3, uri).read_json("evaluation.json")


def test_a_file_that_is_not_in_it_is_named(s3: Any, put_archive: PutArchive) -> None:
    artifact = TrainingArtifact(s3, put_archive({"other.json": b"{}"}))

    with pytest.raises(TrainingArtifactError, match=r"no file evaluation\.json"):
        artifact.read_json("evaluation.json")


def test_a_folder_without_files_is_named(s3: Any, put_archive: PutArchive, tmp_path: Path) -> None:
    artifact = TrainingArtifact(s3, put_archive({"evaluation.json": b"{}"}))

    with pytest.raises(TrainingArtifactError, match="no files below bundle/"):
        artifact.extract("bundle", tmp_path)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b""])
def test_what_is_not_one_json_object_is_refused(
    s3: Any, put_archive: PutArchive, content: bytes
) -> None:
    artifact = TrainingArtifact(s3, put_archive({"evaluation.json": content}))

    with pytest.raises(TrainingArtifactError, match=r"evaluation\.json is not"):
        artifact.read_json("evaluation.json")


def test_a_bundle_that_would_fill_the_disk_is_refused(
    s3: Any, put_archive: PutArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_platform.pipeline.training_artifact._MAX_FOLDER_BYTES", 6)
    artifact = TrainingArtifact(s3, put_archive(FILES))

    with pytest.raises(TrainingArtifactError, match="exceeds 6 bytes"):
        artifact.extract("bundle", tmp_path)
