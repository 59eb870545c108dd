"""The network: isolated subnets, and private ways to the AWS services that are used in them."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.environments import Environment
from cdk.stacks.platform_stack import PlatformStack

_ADDRESSES = "10.0.0.0/16"
_INTERFACE_ENDPOINTS = {
    "ContainerRegistry": ec2.InterfaceVpcEndpointAwsService.ECR,
    "ContainerImages": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "Secrets": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    # What the nodes of a cluster call, and who applies manifests to it.
    "Clusters": ec2.InterfaceVpcEndpointAwsService.EKS,
    "PodIdentities": ec2.InterfaceVpcEndpointAwsService.EKS_AUTH,
    "Instances": ec2.InterfaceVpcEndpointAwsService.EC2,
    "LoadBalancers": ec2.InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
    "Tokens": ec2.InterfaceVpcEndpointAwsService.STS,
    "Functions": ec2.InterfaceVpcEndpointAwsService.LAMBDA_,
}


class Network(PlatformStack):
    """A VPC without a way to the internet.

    MLflow, its database, the training jobs, the assistant's cluster and the functions that call
    MLflow stand here. All they need outside is S3 and DynamoDB (gateway endpoints) and what Fargate
    and EKS need to start containers (interface endpoints), so there are no public subnets and no
    NAT, and nothing that runs here can call elsewhere.

    Attributes
    ----------
    vpc : ec2.Vpc
    isolated : ec2.SubnetSelection
        The subnets for everything that is placed in the VPC.
    tracking_clients : ec2.SecurityGroup
        Whoever wears it may call MLflow.
    """

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(_ADDRESSES),
            availability_zones=list(environment.availability_zones),
            nat_gateways=0,
            # The restriction is a custom resource; nothing here uses the default group.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=20
                )
            ],
        )
        self.isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self._add_endpoints()
        self._add_flow_log(environment)
        self.tracking_clients = ec2.SecurityGroup(
            self, "TrackingClients", vpc=self.vpc, description="May call the tracking server"
        )

    def _add_endpoints(self) -> None:
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        self.vpc.add_gateway_endpoint("DynamoDb", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
        for name, service in _INTERFACE_ENDPOINTS.items():
            endpoint = self.vpc.add_interface_endpoint(
                name, service=service, subnets=self.isolated, open=False
            )
            endpoint.connections.allow_default_port_from(ec2.Peer.ipv4(_ADDRESSES), "The VPC")

    def _add_flow_log(self, environment: Environment) -> None:
        group = logs.LogGroup(
            self,
            "FlowLogs",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )
        self.vpc.add_flow_log("Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
