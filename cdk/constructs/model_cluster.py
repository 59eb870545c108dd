"""The Kubernetes cluster that models are served from: EKS in Auto Mode."""

from aws_cdk import aws_eks_v2 as eks
from aws_cdk.lambda_layer_kubectl_v34 import KubectlV34Layer
from constructs import Construct

from cdk.stacks.network import Network
from cdk.stacks.storage import Storage


class ModelCluster(eks.Cluster):
    """A cluster whose nodes, load balancing and pod identities AWS runs.

    Its endpoint is within the VPC, where the function that applies manifests stands, too. The
    manifests are the one custom resource of the platform: CloudFormation knows no Kubernetes.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, network: Network, storage: Storage
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            version=eks.KubernetesVersion.V1_34,
            vpc=network.vpc,
            vpc_subnets=[network.isolated],
            endpoint_access=eks.EndpointAccess.PRIVATE,
            default_capacity_type=eks.DefaultCapacityType.AUTOMODE,
            cluster_logging=list(eks.ClusterLoggingTypes),
            secrets_encryption_key=storage.key,
            kubectl_provider_options=eks.KubectlProviderOptions(
                kubectl_layer=KubectlV34Layer(scope, f"{construct_id}Kubectl"),
                private_subnets=network.vpc.isolated_subnets,
            ),
        )
        # What horizontal scaling reads the pods' load from.
        eks.CfnAddon(
            self, "MetricsServer", cluster_name=self.cluster_name, addon_name="metrics-server"
        )
