"""The local cloud: moto's server in this process, extended until a CDK assembly runs on it."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer
from werkzeug.serving import WSGIRequestHandler

from local_cloud import extensions
from local_cloud.admin import AdminServer
from local_cloud.clients import client
from local_cloud.cloudformation import engine
from local_cloud.cloudformation.providers import install_providers
from local_cloud.deployment import Deployment
from local_cloud.functions import moto_hook
from local_cloud.functions.service import FunctionService
from local_cloud.http_api.apis import HttpApis
from local_cloud.leftovers import clear_leftovers
from local_cloud.prepare import BUILD_DIRECTORY
from local_cloud.processes import Processes
from local_cloud.state import CloudState

ACCOUNT_ID = "123456789012"
_LEAVE_OUT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


class LocalCloud:
    """One account in one region, on this laptop, until `stop`.

    moto keeps its resources in module globals: one cloud per process at a time.

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
    closers
        Called at `stop`, last registered first.
    readiness
        Called at the end of `deploy`: each returns when what it started in the background is up.
    facts
        What extensions add to `cloud.json`, by key.
    """

    def __init__(
        self,
        state: Path = Path(".local"),
        *,
        region: str = "eu-west-1",
        build_directory: Path = BUILD_DIRECTORY,
    ) -> None:
        self.account_id = ACCOUNT_ID
        self.region = region
        self.state = CloudState(state.resolve())
        self.closers: list[Callable[[], None]] = []
        self.readiness: list[Callable[[], None]] = []
        self.facts: dict[str, Callable[[], Any]] = {}
        self._build_directory = build_directory
        self._deployment = Deployment(self.account_id, region)
        self._saved_environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def images(self) -> dict[str, Path]:
        """Directory of each docker image asset, by image URI as templates spell it."""
        return self._deployment.images

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
        """Serve AWS's API; this process's own AWS calls go there until `stop`.

        Raises
        ------
        CloudAlreadyRunningError
            When another process uses the state directory.
        """
        self.state.acquire()
        self.closers.append(self.state.release)
        clear_leftovers(self.state)
        self._start_moto()
        self._adopt_environment()
        self.processes = Processes(self.state.ledger)
        self.closers.append(self.processes.stop)
        self.functions = FunctionService(
            account_id=self.account_id,
            region=self.region,
            environment=self.environment,
            state_directory=self.state.directory,
            build_directory=self._build_directory,
            processes=self.processes,
        )
        self.closers.append(self.functions.close)
        apis = HttpApis(self.functions, self.account_id, self.region)
        self.closers.append(apis.close)
        engine.install()
        moto_hook.install(self.functions)
        install_providers(self.functions, apis)
        self._start_admin()
        extensions.install(self)

    def deploy(self, assembly: Path) -> None:
        """Publish an assembly's assets, create its stacks, wait for what they start.

        Raises
        ------
        UnknownResourceTypeError
            Before anything is created, when a template holds a type that nothing here deploys.
        """
        self._deployment.deploy(assembly)
        for wait in self.readiness:
            wait()

    def publish(self) -> None:
        """Write `cloud.json`: everything is ready for users."""
        self.state.publish(self.describe())

    def describe(self) -> dict[str, Any]:
        """Return the content of `cloud.json`."""
        return {
            "pid": os.getpid(),
            "endpoint_url": self.endpoint_url,
            "admin_url": self.admin.url,
            "region": self.region,
            "account": self.account_id,
            "environment": self.environment,
            "stacks": self._deployment.stacks,
            "functions": self.functions.describe(),
            **{key: tell() for key, tell in self.facts.items()},
        }

    def outputs(self, stack_name: str) -> dict[str, str]:
        """Return a stack's outputs."""
        answer = client("cloudformation").describe_stacks(StackName=stack_name)
        outputs = answer["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def stop(self) -> None:
        """End everything that `start` began, also after a half-way failure."""
        while self.closers:
            self.closers.pop()()

    def _start_moto(self) -> None:
        moto_api_backend.reset()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # The interpreter of state machines instead of a recorder of them.
        default_user_config["stepfunctions"]["execute_state_machine"] = True
        # Nagle's algorithm holds back each answer for 40 ms.
        WSGIRequestHandler.disable_nagle_algorithm = True
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        self.closers.append(server.stop)
        host, self._port = server.get_host_and_port()
        self.endpoint_url = f"http://{host}:{self._port}"

    def _adopt_environment(self) -> None:
        self._saved_environment = dict(os.environ)
        for name in _LEAVE_OUT:
            os.environ.pop(name, None)
        os.environ.update(self.environment)
        # moto's state machines find their own server by this.
        os.environ["MOTO_PORT"] = str(self._port)
        self.closers.append(self._restore_environment)

    def _restore_environment(self) -> None:
        os.environ.clear()
        os.environ.update(self._saved_environment)

    def _start_admin(self) -> None:
        self.admin = AdminServer()
        self.admin.route("GET", "/stacks", lambda _: self._deployment.stacks)
        self.admin.route("GET", "/processes", self.processes.describe)
        self.closers.append(self.admin.stop)
