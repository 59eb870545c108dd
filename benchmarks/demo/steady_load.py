"""Requests that keep coming, so that a change of version meets traffic."""

import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient

REQUESTS_PER_SECOND: Final = 25
_OK = 200
# A version is in effect when so many answers in a row came from it.
_IN_A_ROW = REQUESTS_PER_SECOND
_FEATURES: Final[dict[str, Any]] = {"amount": 100.0, "merchant": "grocery_store"}


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer: when it came (`time.monotonic`), its status, and the version that gave it."""

    at: float
    status: int
    version: str


class SteadyLoad:
    """Asks for a prediction at a fixed rate for the time of a block.

    Parameters
    ----------
    config
        The platform, with a key.
    model_name
        Whom to ask.

    Attributes
    ----------
    answers : list of Answered
        In the order in which they came.
    """

    def __init__(self, config: MLOpsConfig, model_name: str) -> None:
        self.answers: list[Answered] = []
        self._api = ApiClient(config)
        self._path = f"/ml/{model_name}/predict"
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def n_failed(self) -> int:
        """How many requests got no prediction."""
        return sum(answer.status != _OK for answer in self.answers)

    def wait_for(self, version: str, timeout_seconds: float) -> None:
        """Return when `version` answers, and has answered for a second.

        Raises
        ------
        RuntimeError
            Another version still answers at the end of the time.
        """

        def in_effect() -> bool:
            latest = self.answers[-_IN_A_ROW:]
            return len(latest) == _IN_A_ROW and all(a.version == version for a in latest)

        with self._changed:
            if not self._changed.wait_for(in_effect, timeout_seconds):
                raise RuntimeError(f"{version} is not in effect after {timeout_seconds:.0f} s.")

    def last_answer_of_another(self, version: str, since: float) -> float:
        """Return when the last answer of another version came, `since` if none did."""
        return max((a.at for a in self.answers if a.version != version), default=since)

    def _ask(self) -> None:
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due += 1 / REQUESTS_PER_SECOND
            answer = self._api.request("POST", self._path, {"features": _FEATURES})
            version = str(answer.body.get("model_version", ""))
            with self._changed:
                self.answers.append(
                    Answered(at=time.monotonic(), status=answer.status, version=version)
                )
                self._changed.notify_all()
