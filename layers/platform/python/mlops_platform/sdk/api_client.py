"""The HTTP API for programs: one keep-alive pool, errors as exceptions."""

import json
from dataclasses import dataclass, field
from typing import Any

import urllib3

from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import ApiError, ConfigurationError
from mlops_platform.sdk.discovery import discover

TIMEOUT_SECONDS = 30.0
_CLIENT_ERROR = 400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of the API: status, headers (names in lower case) and decoded JSON body."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ApiClient:
    """A client of one environment's HTTP API.

    Parameters
    ----------
    config
        Which environment; its ``api_key`` is sent with each request.
    """

    config: MLOpsConfig
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=16, retries=False)
    )

    @property
    def url(self) -> str:
        """The API's address: given by the configuration, or as the templates published it."""
        return (self.config.api_url or discover(self.config, "api_url")).rstrip("/")

    def request(self, method: str, path: str, body: Any = None) -> Answer:
        """Send one request and decode the answer, whatever its status.

        Raises
        ------
        ConfigurationError
            There is no API key.
        ApiError
            The API cannot be reached, or what came back is not JSON.
        """
        if not self.config.api_key:
            raise ConfigurationError(
                "SELFMONITOR_API_KEY is not set. `mlops keys create` makes a key; locally, "
                "`source .local/environment` sets the one that `make up` made."
            )
        try:
            answer = self._pool.request(
                method,
                f"{self.url}{path}",
                body=None if body is None else json.dumps(body),
                headers={"x-api-key": self.config.api_key, "content-type": "application/json"},
                timeout=TIMEOUT_SECONDS,
            )
            decoded = json.loads(answer.data or b"{}")
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise ApiError(f"{method} {self.url}{path} did not work: {error}") from error
        return Answer(
            status=answer.status,
            headers={name.lower(): text for name, text in answer.headers.items()},
            body=decoded,
        )

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Send one request and return its body.

        Raises
        ------
        ApiError
            The API answered with an error; the message carries its detail and field problems.
        """
        answer = self.request(method, path, body)
        if answer.status >= _CLIENT_ERROR:
            raise ApiError(_explain(method, path, answer))
        return answer.body


def _explain(method: str, path: str, answer: Answer) -> str:
    """Put a problem document into one sentence with its field problems."""
    detail = answer.body.get("detail") or answer.body.get("message") or "no detail given"
    problems = [f"{p.get('field')}: {p.get('message')}" for p in answer.body.get("errors", [])]
    return "\n  ".join([f"{method} {path} answered {answer.status}: {detail}", *problems])
