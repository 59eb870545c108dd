"""boto3 clients, made once per process and service, with deadlines that suit a function."""

import functools
from typing import Any

import boto3
from botocore.config import Config


@functools.cache
def client(service: str, *, timeout_seconds: float = 10.0, attempts: int = 3) -> Any:
    """Return a client of one AWS service, configured by the environment alone.

    Parameters
    ----------
    service
        boto3's name of the service, e.g. ``dynamodb``.
    timeout_seconds
        Connect and read deadline of one attempt, in seconds.
    attempts
        Attempts in all, the first included.
    """
    config = Config(
        connect_timeout=timeout_seconds,
        read_timeout=timeout_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=25,
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]
