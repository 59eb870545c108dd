"""EKS: a cluster is a record, and what manifests deploy to it runs as processes."""

import json
from collections.abc import Callable
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.images import Image
from local_cloud.processes import Processes
from local_cloud.workloads.container_process import ContainerProcess, plan
from local_cloud.workloads.kubernetes_objects import Manifest, Workload
from local_cloud.workloads.services import Service
from local_cloud.workloads.targets import TargetGroups

_READY_TIMEOUT_SECONDS = 120.0
_CLUSTER = Operation(
    "eks",
    "create_cluster",
    name_property="Name",
    prepare=lambda request: {
        "name": request.properties.get("Name", request.physical_name),
        "roleArn": request.properties["RoleArn"],
        "resourcesVpcConfig": {},
    },
    attributes={"Arn": "arn", "Endpoint": "endpoint"},
    reads={"Name", "RoleArn"},
    # What runs the nodes and who may call the API server: neither exists here.
    ignores={
        "AccessConfig",
        "ComputeConfig",
        "EncryptionConfig",
        "KubernetesNetworkConfig",
        "Logging",
        "ResourcesVpcConfig",
        "StorageConfig",
        "Tags",
        "Version",
    },
    passes_all=False,
)
_MANIFEST = Properties(
    reads={"Manifest"},
    ignores={"ClusterName", "PruneLabel", "ServiceToken"},
)


class EksWorkloads:
    """What runs on the clusters of one cloud.

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
        self._described: list[dict[str, Any]] = []

    def apply(self, request: CreateRequest) -> Created:
        """Run what a manifest deploys, in the background; `wait_until_ready` waits for it.

        Raises
        ------
        ManifestError
            A cluster would refuse it, or it would lead nowhere.
        """
        manifest = Manifest.read(json.loads(request.properties["Manifest"]))
        for workload in manifest.workloads():
            self._start(workload, request.region)
            self._described.append({"name": workload.name, "pods": 1})
        self._described += [{"name": name, "pods": 0} for name in manifest.daemons]
        return Created(request.physical_name)

    def describe(self) -> list[dict[str, Any]]:
        """Return each deployment and daemon set with the pods that it has here."""
        return list(self._described)

    def wait_until_ready(self) -> None:
        """Return when every deployment has a healthy pod.

        Raises
        ------
        ServiceStartError
            When one does not come up.
        """
        for service in self._services:
            service.wait_until_healthy(_READY_TIMEOUT_SECONDS)

    def close(self) -> None:
        """Let no pod be replaced any more."""
        for service in self._services:
            service.close()

    def _start(self, workload: Workload, region: str) -> None:
        image = self._find_image(workload.definition["image"])
        groups = workload.target_groups

        def make_process() -> ContainerProcess:
            return plan(workload.definition, image, self._environment, region)

        def on_healthy(process: ContainerProcess) -> None:
            for group, container_port in groups.items():
                self._targets.set_target(group, process.ports[container_port])

        def on_end() -> None:
            for group in groups:
                self._targets.clear_target(group)

        self._services.append(
            Service(
                workload.name,
                region,
                self._processes,
                make_process=make_process,
                check=self._targets.check_of(next(iter(groups))) if groups else None,
                on_healthy=on_healthy,
                on_end=on_end,
            )
        )


def install(workloads: EksWorkloads) -> None:
    """Register the providers."""

    def create_cluster(request: CreateRequest) -> Created:
        created = _CLUSTER.create(request)
        # EKS makes it beside the cluster; rules of other groups name it.
        group = client("ec2", request.region).create_security_group(
            GroupName=f"eks-{created.physical_id}", Description="The cluster's nodes"
        )
        attributes = {**created.attributes, "ClusterSecurityGroupId": group["GroupId"]}
        return Created(created.physical_id, attributes)

    register(
        Provider(
            "AWS::EKS::Cluster",
            create_cluster,
            name_property="Name",
            properties=_CLUSTER.properties,
        )
    )
    for kind in ("AccessEntry", "Addon", "PodIdentityAssociation"):
        register(
            Provider(
                f"AWS::EKS::{kind}",
                lambda request: Created(request.physical_name),
                metadata_only=True,
            )
        )
    register(
        Provider("Custom::AWSCDK-EKS-KubernetesResource", workloads.apply, properties=_MANIFEST)
    )
