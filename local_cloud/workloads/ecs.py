"""ECS: clusters and task definitions are records, a service's task is a process.

One task runs whatever DesiredCount says: copies on one machine would prove nothing.
"""

from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.workloads.hosted_containers import HostedContainers

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
    containers
        Runs their tasks.
    """

    def __init__(self, containers: HostedContainers) -> None:
        self._containers = containers
        self._described: list[dict[str, Any]] = []

    def create(self, request: CreateRequest) -> Created:
        """Start a service in the background."""
        properties = request.properties
        name = request.physical_name
        cluster = properties.get("Cluster", "default")
        answer = client("ecs", request.region).create_service(
            cluster=cluster,
            serviceName=name,
            taskDefinition=properties["TaskDefinition"],
            desiredCount=1,
        )
        for definition in _essential_containers(properties["TaskDefinition"], request.region):
            groups = {
                each["TargetGroupArn"]: int(each["ContainerPort"])
                for each in properties.get("LoadBalancers", [])
                if each["ContainerName"] == definition["name"]
            }
            self._containers.start(name, request.region, definition, groups)
        self._described.append(
            {"name": name, "tasks": 1, "desired_tasks": int(properties.get("DesiredCount", 1))}
        )
        arn = answer["service"]["serviceArn"]
        return Created(arn, {"Name": name, "ServiceArn": arn})

    def describe(self) -> list[dict[str, Any]]:
        """Return each service with the tasks it runs here and those it asks for."""
        return list(self._described)


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
