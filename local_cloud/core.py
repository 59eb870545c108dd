"""What every service of one cloud stands on, handed to each in one piece."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_cloud.admin import AdminServer
from local_cloud.deployment import Deployment
from local_cloud.functions.service import FunctionService
from local_cloud.leftovers import clear_leftovers
from local_cloud.moto_server import adopted_environment, serve_moto
from local_cloud.processes import Processes
from local_cloud.state import CloudState

ACCOUNT_ID = "123456789012"


class Core:
    """The account, the region, moto's server, child processes and functions of one cloud.

    Parameters
    ----------
    state
        Directory for everything the cloud writes.
    build_directory
        Where `prepare` installed the Lambda runtimes.

    Attributes
    ----------
    admin
        The cloud's own HTTP interface; register routes on it.
    functions
        Invokes Lambda functions and collects their logs.
    processes
        Starts children that die with the cloud.
    deployment
        What has been deployed.
    closers
        What `stop` calls, last registered first, each whatever the others raise.
    readiness
        Called at the end of a deployment: each returns when what it started in the background
        is up.
    facts
        What services add to `cloud.json`, by key.
    """

    admin: AdminServer
    functions: FunctionService
    processes: Processes
    endpoint_url: str

    def __init__(self, state: CloudState, region: str, build_directory: Path) -> None:
        self.account_id = ACCOUNT_ID
        self.region = region
        self.state = state
        self.closers = contextlib.ExitStack()
        self.readiness: list[Callable[[], None]] = []
        self.facts: dict[str, Callable[[], Any]] = {}
        self.deployment = Deployment(self.account_id, region)
        self._build_directory = build_directory

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a program's AWS calls to this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self) -> None:
        """Take the state directory and serve; register in `closers` how each step ends.

        Raises
        ------
        CloudAlreadyRunningError
            When another process uses the state directory.
        """
        self.state.acquire()
        self.closers.callback(self.state.release)
        clear_leftovers(self.state)
        port = self.closers.enter_context(serve_moto())
        self.endpoint_url = f"http://127.0.0.1:{port}"
        self.closers.enter_context(adopted_environment(self.environment, port))
        self.processes = Processes(self.state.ledger)
        self.closers.callback(self.processes.stop)
        self.functions = FunctionService(
            account_id=self.account_id,
            region=self.region,
            environment=self.environment,
            state_directory=self.state.directory,
            build_directory=self._build_directory,
            processes=self.processes,
        )
        self.closers.callback(self.functions.close)
        self.admin = AdminServer()
        self.closers.callback(self.admin.stop)
        self.admin.route("GET", "/stacks", lambda _: self.deployment.stacks)
        self.admin.route("GET", "/processes", self.processes.describe)
