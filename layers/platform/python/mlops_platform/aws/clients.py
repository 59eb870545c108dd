"""botocore clients, made once per process and service, with deadlines that suit a function."""

import functools
from typing import Any

import botocore.session
from botocore.config import Config

from mlops_platform.aws.service_descriptions import ServiceDescriptions


@functools.cache
def client(service: str, *, timeout_seconds: float = 10.0, attempts: int = 3) -> Any:
    """Return a client of one AWS service, configured by the environment alone.

    Parameters
    ----------
    service
        botocore's name of the service, e.g. ``dynamodb``.
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
    return _session().create_client(service, config=config)


@functools.cache
def _session() -> botocore.session.Session:
    """Return one session for all clients: it holds the descriptions that they have in common.

    It is botocore's, because boto3 would load its file transfers at each start of a function, none
    of which transfers files that way.
    """
    session = botocore.session.get_session()
    session.register_component("data_loader", ServiceDescriptions())
    return session
