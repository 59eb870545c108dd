"""Tasks call AWS through clients that are made once.

moto builds a new client for every task, with the shared default session from many threads at
once: slow (tens of milliseconds each) and not thread-safe. It also calls the server `localhost`,
where the rest of the cloud says 127.0.0.1.
"""

import functools
import os
import sys
import threading
from typing import Any

import boto3
from botocore.config import Config

# Parameters are checked by the services, whose errors a state machine can catch.
_CONFIG = Config(
    parameter_validation=False,
    retries={"total_max_attempts": 1},
    read_timeout=86_400,
    max_pool_connections=64,
)
_lock = threading.Lock()


@functools.cache
def _client(service: str, region: str, endpoint_url: str | None) -> Any:
    create: Any = boto3.client
    return create(service, region_name=region, endpoint_url=endpoint_url, config=_CONFIG)


def _boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
    del state_credentials  # Roles are not enforced locally.
    with _lock:
        return _client(service, region, os.environ.get("AWS_ENDPOINT_URL"))


def install() -> None:
    """Replace `boto_client_for` wherever moto imported it by name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.") and hasattr(module, "boto_client_for"):
            module.boto_client_for = _boto_client_for  # type: ignore[attr-defined]
