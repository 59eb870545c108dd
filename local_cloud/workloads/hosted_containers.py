"""Containers kept running behind target groups, whether ECS or a manifest orders them."""

from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.images import Image
from local_cloud.processes import Processes
from local_cloud.workloads.container_process import ContainerProcess, plan
from local_cloud.workloads.services import Service
from local_cloud.workloads.targets import TargetGroups

_READY_TIMEOUT_SECONDS = 180.0


class HostedContainers:
    """Starts containers in the background and makes them targets while they are healthy.

    Parameters
    ----------
    find_image
        Returns the image of an image URI.
    environment
        Variables that every container gets: those that lead it to this cloud.
    """

    def __init__(
        self,
        processes: Processes,
        targets: TargetGroups,
        find_image: Callable[[str], Image],
        environment: dict[str, str],
    ) -> None:
        self._processes = processes
        self._targets = targets
        self._find_image = find_image
        self._environment = environment
        self._services: list[Service] = []

    def start(
        self, name: str, region: str, definition: dict[str, Any], groups: Mapping[str, int]
    ) -> None:
        """Start a container and keep it running.

        Parameters
        ----------
        definition
            The container, as DescribeTaskDefinition answers it.
        groups
            Container port of each target group that it joins, by the group's ARN.
        """
        image = self._find_image(definition["image"])

        def make_process() -> ContainerProcess:
            return plan(definition, image, self._environment, region)

        def on_healthy(process: ContainerProcess) -> None:
            for group, container_port in groups.items():
                self._targets.set_target(group, process.ports[container_port])

        def on_end() -> None:
            for group in groups:
                self._targets.clear_target(group)

        self._services.append(
            Service(
                name,
                region,
                self._processes,
                make_process=make_process,
                check=self._targets.check_of(next(iter(groups))) if groups else None,
                on_healthy=on_healthy,
                on_end=on_end,
            )
        )

    def wait_until_ready(self) -> None:
        """Return when every container is healthy.

        Raises
        ------
        ServiceStartError
            When one does not come up.
        """
        for service in self._services:
            service.wait_until_healthy(_READY_TIMEOUT_SECONDS)

    def close(self) -> None:
        """Let no container be replaced any more."""
        for service in self._services:
            service.close()
