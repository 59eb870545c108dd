"""A Lambda function as every function of the platform is."""

from collections.abc import Sequence

from aws_cdk import Duration, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.constructs.layer_set import LayerName, LayerSet
from cdk.constructs.package_size import NOT_SHIPPED, check_package, unzipped_bytes
from cdk.environments import Environment
from cdk.layers import ROOT
from cdk.stacks.network import Network
from mlops_platform.config.settings import Settings

SOURCES = ROOT / "functions"
# What Lambda does on the function's behalf to stand in a VPC; none of it can name a resource.
_NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


class PythonFunction(lambda_.Function):
    """One folder of `functions/`, with its settings, layers and logs.

    Parameters
    ----------
    source
        The folder's name, ``verb_noun``; its ``handler.py`` holds ``handler``.
    settings
        What the handler reads back with ``from_environment``.
    layers
        Where its layers come from.
    libraries
        Third-party layers it needs beside the platform's and Powertools'.
    network
        Given to a function that calls MLflow: it then stands in the VPC, without the internet.
    dead_letters
        Receives events that an asynchronously called function could not handle.

    Attributes
    ----------
    package_bytes : int
        Unzipped size of code and layers.
    records : logs.LogGroup
        What it writes to stdout.

    Raises
    ------
    PackageTooLargeError
        Code and layers exceed Lambda's limit.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: str,
        settings: Settings,
        environment: Environment,
        layers: LayerSet,
        libraries: Sequence[LayerName] = (),
        memory_mb: int = 512,
        timeout_seconds: int = 30,
        scratch_mb: int = 512,
        network: Network | None = None,
        dead_letters: sqs.IQueue | None = None,
    ) -> None:
        names: list[LayerName] = ["platform", "powertools", *libraries]
        package_bytes = _package_bytes(source, names, layers)
        records = _records(scope, construct_id, environment)
        super().__init__(
            scope,
            construct_id,
            description=f"functions/{source}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.X86_64,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(SOURCES / source), exclude=list(NOT_SHIPPED)),
            layers=[layers.version(name) for name in names],
            environment={
                **settings.to_environment(),
                "POWERTOOLS_SERVICE_NAME": source,
                "POWERTOOLS_LOG_LEVEL": "INFO",
            },
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            ephemeral_storage_size=Size.mebibytes(scratch_mb),
            tracing=lambda_.Tracing.ACTIVE,
            log_group=records,
            role=_role(scope, construct_id, records, in_network=network is not None),
            vpc=network.vpc if network else None,
            vpc_subnets=network.isolated if network else None,
            security_groups=[network.tracking_clients] if network else None,
            dead_letter_queue=dead_letters,
        )
        self.source = source
        self.package_bytes = package_bytes
        self.records = records


def _package_bytes(source: str, names: Sequence[LayerName], layers: LayerSet) -> int:
    parts = {"code": unzipped_bytes(SOURCES / source)}
    return check_package(source, parts | {name: layers.unzipped_bytes(name) for name in names})


def _records(scope: Construct, construct_id: str, environment: Environment) -> logs.LogGroup:
    return logs.LogGroup(
        scope,
        f"{construct_id}Records",
        retention=environment.log_retention,
        removal_policy=environment.removal_policy,
    )


def _role(
    scope: Construct, construct_id: str, records: logs.LogGroup, *, in_network: bool
) -> iam.Role:
    """Let it write its own log, and no other: AWS's managed policy allows every one."""
    role = iam.Role(
        scope,
        f"{construct_id}Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description=f"What {construct_id} may do",
    )
    records.grant_write(role)
    if in_network:
        role.add_to_policy(iam.PolicyStatement(actions=[*_NETWORK_ACTIONS], resources=["*"]))
    return role
