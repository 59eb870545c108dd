"""Call a function of the platform by the name that its templates published."""

import json
from typing import Any, Final

from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import FunctionFailedError
from mlops_platform.sdk.discovery import discover

# Longer than any of them may run; a second attempt of ours would run beside the first.
_TIMEOUT_SECONDS: Final = 330.0


def call_function(config: MLOpsConfig, source: str, event: Any) -> dict[str, Any]:
    """Invoke a function, wait, and return its answer.

    Raises
    ------
    FunctionFailedError
        The function failed; the message is its own.
    PlatformNotFoundError
        The environment is not deployed where the AWS variables point.
    """
    answer = client("lambda", timeout_seconds=_TIMEOUT_SECONDS, attempts=1).invoke(
        FunctionName=discover(config, f"functions/{source}"), Payload=json.dumps(event).encode()
    )
    document = json.loads(answer["Payload"].read() or b"{}")
    if answer.get("FunctionError"):
        raise FunctionFailedError(
            f"{source} failed: {document.get('errorType')}: {document.get('errorMessage')}"
        )
    return dict(document or {})


def send_event(config: MLOpsConfig, source: str, event: Any) -> None:
    """Invoke a function asynchronously: it is retried, and ends in its dead letters if it fails.

    Raises
    ------
    PlatformNotFoundError
        The environment is not deployed where the AWS variables point.
    """
    client("lambda").invoke(
        FunctionName=discover(config, f"functions/{source}"),
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )
