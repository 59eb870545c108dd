import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.cli import main
from mlops_platform.sdk.discovery import discover

DATA = "data"


class Answer(NamedTuple):
    """What `mlops` answered."""

    status: int
    out: str
    err: str


RunMlops = Callable[..., Answer]


@pytest.fixture
def mlops(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunMlops:
    """Return a function that runs `mlops` as from a shell."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["mlops", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account with a data bucket, which the environment names."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("S3_BUCKET_NAME", DATA)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    discover.cache_clear()
    with mock_aws():
        client("s3").create_bucket(Bucket=DATA)
        yield
    client.cache_clear()
    discover.cache_clear()
