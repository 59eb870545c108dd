import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.errors import EncoderWeightsError
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from mlops_platform.models.selfmate.weights import (
    EMBEDDED,
    WEIGHT_FILES,
    verify_pinned,
    weights_folder,
)
from tests.unit.models.selfmate.tiny_bert import write_tiny_bert


@pytest.fixture
def models_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    client.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="models", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield "models"
    client.cache_clear()


def test_a_folder_is_used_where_it_lies(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path / "model")

    assert weights_folder(str(tmp_path / "model"), tmp_path / "unused") == tmp_path / "model"
    assert not (tmp_path / "unused").exists()


def test_s3_gives_the_same_files(tmp_path: Path, models_bucket: str) -> None:
    write_tiny_bert(tmp_path / "model")
    for name in WEIGHT_FILES:
        boto3.client("s3").upload_file(
            str(tmp_path / "model" / name), models_bucket, f"tiny/{name}"
        )

    fetched = weights_folder(f"s3://{models_bucket}/tiny", tmp_path / "fetched")

    for name in WEIGHT_FILES:
        assert (fetched / name).read_bytes() == (tmp_path / "model" / name).read_bytes()


def test_what_a_prefix_lacks_is_named(tmp_path: Path, models_bucket: str) -> None:
    boto3.client("s3").put_object(Bucket=models_bucket, Key="half/config.json", Body=b"{}")

    with pytest.raises(EncoderWeightsError, match=r"lacks model\.safetensors, tokenizer\.json"):
        weights_folder(f"s3://{models_bucket}/half/", tmp_path)


def test_a_folder_that_is_not_there_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(EncoderWeightsError, match="Name an existing folder"):
        weights_folder(str(tmp_path / "absent"), tmp_path)


def test_a_hub_name_without_the_hubs_client_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(EncoderWeightsError, match="install huggingface-hub"):
        weights_folder("owner/model", tmp_path)


def test_embedded_weights_that_are_not_installed_name_their_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(EncoderWeightsError, match="group `demo`"):
        weights_folder(EMBEDDED, tmp_path)


def test_one_changed_byte_of_the_embedded_weights_is_noticed(tmp_path: Path) -> None:
    embedded = weights_folder(EMBEDDED, tmp_path)
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(embedded / name, tmp_path / name)
    damaged = bytearray((embedded / "model.safetensors").read_bytes())
    damaged[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(damaged)

    with pytest.raises(EncoderWeightsError, match=r"model\.safetensors .* was changed or damaged"):
        verify_pinned(tmp_path)


def test_the_embedded_encoder_knows_what_means_the_same(tmp_path: Path) -> None:
    folder = weights_folder(EMBEDDED, tmp_path)
    encoder = SentenceEncoder.from_bytes(
        encoder_graph(folder).SerializeToString(), (folder / "tokenizer.json").read_bytes()
    )

    lost, missing, weather = encoder.sentence_embeddings(
        ["I lost my card", "My bank card is missing", "Will it rain in Paris tomorrow?"]
    )

    assert lost @ missing > 0.7
    assert lost @ weather < 0.3
