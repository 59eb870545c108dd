"""Conversations: a request names one, and its session is fetched before and kept after."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from mlops_platform.observability.logging import logger
from mlops_platform.serving.prediction_request import PredictionRequest

SESSION: Final = "session"
SESSION_ID: Final = "session_id"


class SessionStore(Protocol):
    """Keeps the sessions of conversations between their turns, for a while."""

    def read(self, keys: Sequence[str]) -> list[Mapping[str, Any] | None]:
        """Return the session under each key or None; raises where the store does not answer."""
        ...

    def write(self, sessions: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep sessions under their keys; raises as `read`."""
        ...


@dataclass(frozen=True)
class Recalled:
    """A request with its sessions in it.

    Parameters
    ----------
    request
        What was asked, and the session of each row that names its conversation only.
    keys
        Under which the row's next session is to be kept; None for rows that name no conversation.
    missing
        ``["session"]`` if the store could not be asked.
    seconds
        What the look-up took.
    """

    request: PredictionRequest
    keys: list[str | None]
    missing: list[str]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Conversations:
    """Lets callers name a conversation (``session_id``) rather than carry its session.

    A store that does not answer costs the thread of a conversation, never an answer.

    Parameters
    ----------
    model_name
        Whose conversations these are.
    store
        Where they are kept.
    """

    model_name: str
    store: SessionStore

    def recall(self, request: PredictionRequest) -> Recalled:
        """Give each row that names a conversation, and brings no session itself, its session."""
        keys = [self._key(row) for row in request.instances]
        wanted = sorted({key for key in keys if key is not None})
        if not wanted:
            return Recalled(request, keys, [], 0.0)
        asked = time.perf_counter()
        try:
            found = dict(zip(wanted, self.store.read(wanted), strict=True))
            missing = []
        except Exception:  # noqa: BLE001 - whatever the network does
            logger.warning("a conversation goes on without its session", exc_info=True)
            found, missing = {}, [SESSION]
        rows = [
            row if key is None or row.get(SESSION) else {**row, SESSION: found.get(key) or {}}
            for row, key in zip(request.instances, keys, strict=True)
        ]
        return Recalled(
            request._replace(instances=rows),
            keys,
            missing,
            time.perf_counter() - asked,
        )

    def keep(self, recalled: Recalled, outputs: Sequence[Mapping[str, Any] | None]) -> None:
        """Keep the session that each answered row returned; the last turn of a conversation wins.

        Parameters
        ----------
        recalled
            What `recall` returned.
        outputs
            What the model answered to each row, None where it refused.
        """
        sessions = {
            key: output[SESSION]
            for key, output in zip(recalled.keys, outputs, strict=True)
            if key is not None and output is not None
        }
        if not sessions:
            return
        try:
            self.store.write(sessions)
        except Exception:  # noqa: BLE001 - whatever the network does
            logger.warning("a conversation's session is lost", exc_info=True)

    def _key(self, row: Any) -> str | None:
        """Return where a row's conversation is kept; only its own user ever finds it again."""
        if not isinstance(row, dict) or not isinstance(row.get(SESSION_ID), str | int):
            return None
        named = [self.model_name, str(row.get("user_id", "")), str(row[SESSION_ID])]
        return f"session:{hashlib.sha256(orjson.dumps(named)).hexdigest()}"
