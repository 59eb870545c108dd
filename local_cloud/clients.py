"""boto3 clients for the cloud's own calls, made once: building one costs tens of milliseconds.

They reach the cloud the way every program does, through the environment (`AWS_ENDPOINT_URL`).
"""

import functools
import os
import threading
from typing import Any

import boto3
from botocore.config import Config

_lock = threading.Lock()
_CONFIG = Config(
    retries={"total_max_attempts": 1},
    connect_timeout=5,
    # A synchronous invocation may take as long as a function may run.
    read_timeout=920,
    max_pool_connections=64,
)


def client(service: str, region: str | None = None) -> Any:
    """Return the shared client of `service`; clients are thread-safe, their making is not."""
    with _lock:
        return _client(service, region, os.environ.get("AWS_ENDPOINT_URL"))


@functools.cache
def _client(service: str, region: str | None, endpoint_url: str | None) -> Any:
    create: Any = boto3.client
    return create(service, region_name=region, endpoint_url=endpoint_url, config=_CONFIG)
