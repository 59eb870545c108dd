"""EKS: a cluster is a record, and what manifests deploy to it runs as processes."""

import json
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.workloads.hosted_containers import HostedContainers
from local_cloud.workloads.kubernetes_objects import Manifest

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
    containers
        Runs their pods.
    """

    def __init__(self, containers: HostedContainers) -> None:
        self._containers = containers
        self._described: list[dict[str, Any]] = []

    def apply(self, request: CreateRequest) -> Created:
        """Run what a manifest deploys, in the background.

        Raises
        ------
        ManifestError
            A cluster would refuse it, or it would lead nowhere.
        """
        manifest = Manifest.read(json.loads(request.properties["Manifest"]))
        for workload in manifest.workloads():
            self._containers.start(
                workload.name, request.region, workload.definition, workload.target_groups
            )
            self._described.append({"name": workload.name, "pods": 1})
        self._described += [{"name": name, "pods": 0} for name in manifest.daemons]
        return Created(request.physical_name)

    def describe(self) -> list[dict[str, Any]]:
        """Return each deployment and daemon set with the pods that it has here."""
        return list(self._described)


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
