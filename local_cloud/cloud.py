"""The local cloud: moto's server in this process, extended until a CDK assembly runs on it."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local_cloud import extensions
from local_cloud.admin import AdminServer
from local_cloud.clients import client
from local_cloud.core import Core
from local_cloud.functions.service import FunctionService
from local_cloud.prepare import BUILD_DIRECTORY
from local_cloud.processes import Processes
from local_cloud.state import CloudState


class LocalCloud:
    """One account in one region, on this laptop, until `stop`.

    moto keeps its resources in module globals: one cloud per process at a time.

    Parameters
    ----------
    state
        Directory for everything the cloud writes.
    build_directory
        Where `prepare` installed the Lambda runtimes.
    """

    def __init__(
        self,
        state: Path = Path(".local"),
        *,
        region: str = "eu-west-1",
        build_directory: Path = BUILD_DIRECTORY,
    ) -> None:
        self._core = Core(CloudState(state.resolve()), region, build_directory)

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
    def account_id(self) -> str:
        """The account that everything belongs to."""
        return self._core.account_id

    @property
    def region(self) -> str:
        """The region that everything is in."""
        return self._core.region

    @property
    def state(self) -> CloudState:
        """The state directory."""
        return self._core.state

    @property
    def admin(self) -> AdminServer:
        """The cloud's own HTTP interface."""
        return self._core.admin

    @property
    def functions(self) -> FunctionService:
        """Invokes Lambda functions and collects their logs."""
        return self._core.functions

    @property
    def processes(self) -> Processes:
        """The child processes."""
        return self._core.processes

    @property
    def images(self) -> dict[str, Path]:
        """Directory of each docker image asset, by image URI as templates spell it."""
        return self._core.deployment.images

    def start(self) -> None:
        """Serve AWS's API; this process's own AWS calls go there until `stop`.

        A start that fails half-way leaves nothing behind.

        Raises
        ------
        CloudAlreadyRunningError
            When another process uses the state directory.
        """
        try:
            self._core.start()
            extensions.install(self._core)
        except BaseException:
            self.stop()
            raise

    def deploy(self, assembly: Path) -> None:
        """Publish an assembly's assets, create its stacks, wait for what they start.

        Raises
        ------
        UnknownResourceTypeError
            Before anything is created, when a template holds a type that nothing here deploys.
        """
        self._core.deployment.deploy(assembly)
        for wait in self._core.readiness:
            wait()

    def publish(self) -> None:
        """Write `cloud.json`: everything is ready for users."""
        self.state.publish(self.describe())

    def describe(self) -> dict[str, Any]:
        """Return the content of `cloud.json`."""
        core = self._core
        return {
            "pid": os.getpid(),
            "endpoint_url": core.endpoint_url,
            "admin_url": core.admin.url,
            "region": core.region,
            "account": core.account_id,
            "environment": core.environment,
            "stacks": core.deployment.stacks,
            "functions": core.functions.describe(),
            **{key: tell() for key, tell in core.facts.items()},
        }

    def outputs(self, stack_name: str) -> dict[str, str]:
        """Return a stack's outputs."""
        answer = client("cloudformation").describe_stacks(StackName=stack_name)
        outputs = answer["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def stop(self) -> None:
        """End everything that `start` began, also after a half-way failure.

        What cannot be ended keeps nothing else from ending; its error is raised at the end.
        """
        self._core.closers.close()
