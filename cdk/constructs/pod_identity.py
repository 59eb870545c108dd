"""Whom AWS takes some pods for: an IAM role, by EKS Pod Identity."""

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct


class PodIdentity(Construct):
    """A role that the pods of one service account wear.

    Attributes
    ----------
    role : iam.Role
        Grant to it what the pods may do.
    service_account : str
        The account's name; its manifest is applied with the pods'.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.Cluster,
        namespace: str,
        service_account: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.service_account = service_account
        pods = iam.ServicePrincipal("pods.eks.amazonaws.com")
        self.role = iam.Role(
            self, "Role", assumed_by=pods, description=f"What {service_account}'s pods may do"
        )
        trust = self.role.assume_role_policy
        if trust is None:
            raise TypeError("A role without a trust policy.")
        # The agent tags each session with its cluster, namespace and account.
        trust.add_statements(iam.PolicyStatement(principals=[pods], actions=["sts:TagSession"]))
        eks.CfnPodIdentityAssociation(
            self,
            "Association",
            cluster_name=cluster.cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=self.role.role_arn,
        )
