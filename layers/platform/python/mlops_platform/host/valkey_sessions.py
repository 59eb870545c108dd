"""Sessions in Valkey, or whatever else speaks its protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson
import redis

# In one network a look-up takes less than a millisecond. The connection's first one, and its TLS
# handshake, take longer, but a turn of a conversation must not wait for them for long, either.
_DEADLINE_SECONDS = 0.25


@dataclass(frozen=True)
class ValkeySessions:
    """A `SessionStore` whose entries end by themselves.

    Parameters
    ----------
    client
        Connects on demand, and again after every break.
    seconds
        How long a session is kept after its last turn.
    """

    client: redis.Redis
    seconds: int

    @classmethod
    def from_url(cls, url: str, seconds: int) -> Self:
        """Use the server at ``rediss://host:port``; nothing is opened yet.

        Its certificate is checked against the system's authorities, its name included.
        """
        client = redis.Redis.from_url(
            url,
            socket_timeout=_DEADLINE_SECONDS,
            socket_connect_timeout=_DEADLINE_SECONDS,
            health_check_interval=30,
        )
        return cls(client, seconds)

    def read(self, keys: Sequence[str]) -> list[Mapping[str, Any] | None]:
        """Return the session under each key.

        Raises
        ------
        redis.RedisError
            The server does not answer.
        """
        return [
            None if text is None else orjson.loads(text) for text in self.client.mget(list(keys))
        ]

    def write(self, sessions: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep each session from now on for `seconds`; raises as `read`."""
        with self.client.pipeline(transaction=False) as pipeline:
            for key, session in sessions.items():
                pipeline.set(key, orjson.dumps(session), ex=self.seconds)
            pipeline.execute()
