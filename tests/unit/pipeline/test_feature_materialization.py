import gzip
from pathlib import Path
from typing import Any

import pytest

from mlops_platform.errors import FeatureStateError, TrainingArtifactError
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import parse_instant
from mlops_platform.features.packing import to_bytes
from mlops_platform.features.snapshot_file import write_snapshot
from mlops_platform.features.state import EntityState
from mlops_platform.pipeline.feature_materialization import FeatureMaterialization
from tests.unit.pipeline.conftest import FEATURES, PutArchive
from tests.unit.registry.fuse import Fuse, FusedClient, Killed

AS_OF = parse_instant("2026-03-02T00:00:00Z")
FILE = "feature_state.jsonl.gz"
N_USERS = 150


@pytest.fixture
def snapshot(tmp_path: Path) -> bytes:
    """Return a snapshot of 150 users with a transaction each, more than one chunk."""
    states = []
    for number in range(N_USERS):
        state = EntityState(EntityKind.USER)
        state.fold(AS_OF - 3_600, 100 + number, number)
        states.append((f"user#{number}", to_bytes(state)))
    write_snapshot(tmp_path / FILE, AS_OF, states)
    return (tmp_path / FILE).read_bytes()


@pytest.fixture
def step(s3: Any, dynamodb: Any) -> FeatureMaterialization:
    return FeatureMaterialization(s3=s3, dynamodb=dynamodb, feature_table=FEATURES)


def online(dynamodb: Any) -> dict[str, bytes]:
    items = dynamodb.scan(TableName=FEATURES)["Items"]
    return {item["entity"]["S"]: item["state"]["B"] for item in items}


def clear(dynamodb: Any) -> None:
    for entity in online(dynamodb):
        dynamodb.delete_item(TableName=FEATURES, Key={"entity": {"S": entity}})


def test_a_snapshot_goes_online(
    step: FeatureMaterialization, dynamodb: Any, put_archive: PutArchive, snapshot: bytes
) -> None:
    answer = step.materialize(put_archive({"evaluation.json": b"{}", FILE: snapshot}))

    assert answer == {"as_of": "2026-03-02T00:00:00Z", "entities": N_USERS}
    assert len(online(dynamodb)) == N_USERS


def test_a_repetition_writes_nothing(
    step: FeatureMaterialization, dynamodb: Any, put_archive: PutArchive, snapshot: bytes
) -> None:
    uri = put_archive({FILE: snapshot})
    step.materialize(uri)
    before = online(dynamodb)

    assert step.materialize(uri)["entities"] == 0
    assert online(dynamodb) == before


def test_what_was_killed_at_any_point_is_finished_by_its_retry(
    step: FeatureMaterialization, dynamodb: Any, put_archive: PutArchive, snapshot: bytes
) -> None:
    uri = put_archive({FILE: snapshot})
    fuse = Fuse()
    dying = FeatureMaterialization(
        s3=step.s3, dynamodb=FusedClient(dynamodb, fuse), feature_table=FEATURES
    )
    killed = True
    at = 0

    while killed:
        # Ever larger steps, because the number of calls is the implementation's.
        at += 1 + at // 3
        clear(dynamodb)
        fuse.arm(at)
        try:
            dying.materialize(uri)
        except Killed:
            n_before = len(online(dynamodb))
            assert step.materialize(uri)["entities"] == N_USERS - n_before
        else:
            killed = False
        assert len(online(dynamodb)) == N_USERS


def test_an_archive_without_states_is_refused(
    step: FeatureMaterialization, put_archive: PutArchive
) -> None:
    with pytest.raises(TrainingArtifactError, match="no file feature_state"):
        step.materialize(put_archive({"evaluation.json": b"{}"}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        gzip.compress(b""),
        gzip.compress(b"{}\n"),
        gzip.compress(b'{"as_of": "2026-03-02T00:00:00Z"}\n{"entity": "user#1"}\n'),
        gzip.compress(b'{"as_of": "2026-03-02T00:00:00Z"}\n{"entity": "u", "state": "a"}\n'),
        gzip.compress(b'{"as_of": "2026-03-02T00:00:00Z"}\nno json\n'),
    ],
)
def test_damaged_states_are_named_as_such(
    step: FeatureMaterialization, dynamodb: Any, put_archive: PutArchive, content: bytes
) -> None:
    with pytest.raises(FeatureStateError):
        step.materialize(put_archive({FILE: content}))

    assert online(dynamodb) == {}


def test_a_cut_file_is_named_as_such(
    step: FeatureMaterialization, put_archive: PutArchive, snapshot: bytes
) -> None:
    with pytest.raises(FeatureStateError, match="train again"):
        step.materialize(put_archive({FILE: snapshot[:-20]}))
