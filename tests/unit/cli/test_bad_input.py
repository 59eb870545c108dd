"""Whatever is wrong with what a person typed or with their AWS, `mlops` says it in words."""

from pathlib import Path

import pytest

from mlops_platform.aws.clients import client
from tests.unit.cli.conftest import DATA, RunMlops

TRANSACTIONS = (
    "transaction_id,user_id,merchant_id,timestamp,amount,currency,description\n"
    "t1,u1,m1,2025-02-01T10:00:00Z,12.50,GBP,BOTON LEEDS\n"
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"amount": 1', "is not JSON"),
        ('[{"amount": 1}]', "must hold one JSON object"),
        ("1", "must hold one JSON object"),
        ("", "is not JSON"),
    ],
)
def test_a_file_that_is_no_json_object_is_a_usage_error(
    mlops: RunMlops, tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "features.json").write_text(content)

    answer = mlops("predict", "fraud_detection", "--file", str(tmp_path / "features.json"))

    assert answer.status == 2
    assert f"features.json {says}" in answer.err


def test_a_file_of_bytes_is_a_usage_error(mlops: RunMlops, tmp_path: Path) -> None:
    (tmp_path / "features.json").write_bytes(b"\xff\xfe\x00")

    answer = mlops("predict", "fraud_detection", "--file", str(tmp_path / "features.json"))

    assert (answer.status, "is not JSON" in answer.err) == (2, True)


@pytest.mark.parametrize("table", ["a/b", "..", "labels", ""])
def test_an_unknown_table_is_told_the_known_ones(
    mlops: RunMlops, tmp_path: Path, table: str
) -> None:
    (tmp_path / "new.csv").write_text(TRANSACTIONS)

    answer = mlops("data", "load", table, str(tmp_path / "new.csv"))

    assert answer.status == 2
    assert "'transactions', 'fraud_labels'" in answer.err


@pytest.mark.usefixtures("aws")
def test_what_aws_refuses_is_told_with_where_to_look(mlops: RunMlops, tmp_path: Path) -> None:
    client("s3").delete_bucket(Bucket=DATA)
    (tmp_path / "new.csv").write_text(TRANSACTIONS)

    answer = mlops("data", "load", "transactions", str(tmp_path / "new.csv"))

    assert answer.status == 1
    for words in ("NoSuchBucket", "AWS_ENDPOINT_URL is not set", "credentials", "make up"):
        assert words in answer.err


@pytest.mark.usefixtures("aws")
def test_an_aws_that_cannot_be_reached_is_told_with_its_address(
    mlops: RunMlops, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    client.cache_clear()
    (tmp_path / "new.csv").write_text(TRANSACTIONS)

    answer = mlops("data", "load", "transactions", str(tmp_path / "new.csv"))

    assert answer.status == 1
    assert "AWS_ENDPOINT_URL is http://127.0.0.1:1" in answer.err
    assert "Traceback" not in answer.err
