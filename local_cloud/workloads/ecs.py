"""ECS: clusters and task definitions are records, a service's task is a process.

One task runs whatever DesiredCount says: copies on one machine would prove nothing.
"""

from collections.abc import Callable
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.images import Image
from local_cloud.processes import Processes
from local_cloud.workloads.container_process import ContainerProcess, plan
from local_cloud.workloads.services import Service
from local_cloud.workloads.targets import TargetGroups

_READY_TIMEOUT_SECONDS = 180.0
_CLUSTER = Operation(
    "ecs",
    "create_cluster",
    physical_id="clusterName",
    attributes={"Arn": "clusterArn"},
    name_property="ClusterName",
    prepare=lambda request: {"ClusterName": request.physical_name},
    ignores={
        "CapacityProviders",
        "ClusterSettings",
        "Configuration",
        "DefaultCapacityProviderStrategy",
        "Tags",
    },
    passes_all=False,
)
_TASK_DEFINITION = Operation(
    "ecs",
    "register_task_definition",
    physical_id="taskDefinitionArn",
    attributes={"TaskDefinitionArn": "taskDefinitionArn"},
    name_property="Family",
    reads={
        "Cpu",
        "ExecutionRoleArn",
        "Family",
        "Memory",
        "NetworkMode",
        "RequiresCompatibilities",
        "TaskRoleArn",
        *(
            f"ContainerDefinitions.{field}"
            for field in (
                "Command",
                "EntryPoint",
                "Environment",
                "Essential",
                "Image",
                "LogConfiguration",
                "Name",
                "PortMappings",
                "Secrets",
            )
        ),
    },
    ignores={"RuntimePlatform", "Tags"},
    passes_all=False,
)
_SERVICE = Properties(
    reads={"Cluster", "DesiredCount", "LoadBalancers", "TaskDefinition"},
    ignores={
        "DeploymentConfiguration",
        "EnableECSManagedTags",
        "EnableExecuteCommand",
        "HealthCheckGracePeriodSeconds",
        "LaunchType",
        "NetworkConfiguration",
        "PlatformVersion",
        "PropagateTags",
        "Tags",
    },
)


class EcsServices:
    """The ECS services of one cloud.

    Parameters
    ----------
    find_image
        Returns the image of an image URI.
    credentials
        AWS variables that every container gets.
    """

    def __init__(
        self,
        processes: Processes,
        targets: TargetGroups,
        find_image: Callable[[str], Image],
        credentials: dict[str, str],
    ) -> None:
        self._processes = processes
        self._targets = targets
        self._find_image = find_image
        self._credentials = credentials
        self._services: list[Service] = []
        self._described: list[dict[str, Any]] = []

    def create(self, request: CreateRequest) -> Created:
        """Start a service in the background; `wait_until_ready` waits for all of them."""
        properties = request.properties
        name = request.physical_name
        cluster = properties.get("Cluster", "default")
        answer = client("ecs", request.region).create_service(
            cluster=cluster,
            serviceName=name,
            taskDefinition=properties["TaskDefinition"],
            desiredCount=1,
        )
        containers = _essential_containers(properties["TaskDefinition"], request.region)
        memberships = properties.get("LoadBalancers", [])
        for definition in containers:
            self._start(request, definition, memberships)
        self._described.append(
            {"name": name, "tasks": 1, "desired_tasks": int(properties.get("DesiredCount", 1))}
        )
        arn = answer["service"]["serviceArn"]
        return Created(arn, {"Name": name, "ServiceArn": arn})

    def describe(self) -> list[dict[str, Any]]:
        """Return each service with the tasks it runs here and those it asks for."""
        return list(self._described)

    def wait_until_ready(self) -> None:
        """Return when every service has a healthy task.

        Raises
        ------
        ServiceStartError
            When one does not come up.
        """
        for service in self._services:
            service.wait_until_healthy(_READY_TIMEOUT_SECONDS)

    def close(self) -> None:
        """Let no task be replaced any more."""
        for service in self._services:
            service.close()

    def _start(
        self, request: CreateRequest, definition: dict[str, Any], memberships: list[dict[str, Any]]
    ) -> None:
        groups = {
            int(each["ContainerPort"]): each["TargetGroupArn"]
            for each in memberships
            if each["ContainerName"] == definition["name"]
        }
        image = self._find_image(definition["image"])

        def make_process() -> ContainerProcess:
            return plan(definition, image, self._credentials, request.region)

        def on_healthy(process: ContainerProcess) -> None:
            for container_port, group in groups.items():
                self._targets.set_target(group, process.ports[container_port])

        def on_end() -> None:
            for group in groups.values():
                self._targets.clear_target(group)

        check = self._targets.check_of(next(iter(groups.values()))) if groups else None
        self._services.append(
            Service(
                request.physical_name,
                request.region,
                self._processes,
                make_process=make_process,
                check=check,
                on_healthy=on_healthy,
                on_end=on_end,
            )
        )


def _essential_containers(task_definition: str, region: str) -> list[dict[str, Any]]:
    answer = client("ecs", region).describe_task_definition(taskDefinition=task_definition)
    definitions: list[dict[str, Any]] = answer["taskDefinition"]["containerDefinitions"]
    return [each for each in definitions if each.get("essential", True)]


def install(services: EcsServices) -> None:
    """Register the providers."""
    register(_CLUSTER.provider("AWS::ECS::Cluster"))
    register(_TASK_DEFINITION.provider("AWS::ECS::TaskDefinition"))
    register(
        Provider(
            "AWS::ECS::Service", services.create, name_property="ServiceName", properties=_SERVICE
        )
    )
