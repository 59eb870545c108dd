"""The environments: everything in which dev, staging and prod differ."""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs

from cdk.errors import UnknownEnvironmentError


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One deployment of the platform.

    Parameters
    ----------
    name
        ``dev``, ``staging`` or ``prod``; part of stack and SSM parameter names.
    region, availability_zones
        Where it stands. Zones are named, so that a synthesis looks nothing up; the account is
        the one whose credentials deploy.
    tracking_tasks, tracking_max_tasks
        MLflow servers at rest and under load.
    tracking_cpu, tracking_memory_mib, tracking_workers
        Fargate size of one of them, in CPU units and MiB, and its server processes (0.5 GB each).
    database_instance_type, database_storage_gib, database_multi_az, database_backup_days
        MLflow's PostgreSQL.
    log_retention
        How long logs of functions, tasks and executions are kept.
    access_log_days
        How long access logs of buckets and the load balancer are kept.
    retains_data
        Whether data outlives its stack, and is protected against deletion.
    logs_execution_data
        Whether state machines log inputs and outputs, not just the course of events.
    api_requests_per_second, api_burst
        Throttling of the whole HTTP API.
    predict_provisioned_concurrency
        Execution environments kept warm for each model.
    encoder_weights
        Where training jobs find their pretrained encoder: ``s3://bucket/prefix``, which they are
        then allowed to read, a Hub name, which takes a way out of the network, or a folder of the
        image. ``embedded`` is the package that the image and the local cloud install alike.
    """

    name: str
    region: str = "eu-west-1"
    availability_zones: tuple[str, ...] = ("eu-west-1a", "eu-west-1b")
    tracking_tasks: int = 1
    tracking_max_tasks: int = 2
    tracking_cpu: int = 512
    tracking_memory_mib: int = 2048
    tracking_workers: int = 1
    database_instance_type: str = "t4g.micro"
    database_storage_gib: int = 20
    database_multi_az: bool = False
    database_backup_days: int = 1
    log_retention: logs.RetentionDays = logs.RetentionDays.TWO_WEEKS
    access_log_days: int = 30
    retains_data: bool = False
    logs_execution_data: bool = True
    api_requests_per_second: int = 200
    api_burst: int = 400
    predict_provisioned_concurrency: int = 0
    encoder_weights: str = "embedded"

    @property
    def removal_policy(self) -> RemovalPolicy:
        """What becomes of stored data when its stack is deleted."""
        return RemovalPolicy.RETAIN if self.retains_data else RemovalPolicy.DESTROY

    def stack_name(self, kind: str) -> str:
        """Return the name of one stack, e.g. ``SelfMonitor-Dev-Storage``."""
        return f"SelfMonitor-{self.name.capitalize()}-{kind}"


ENVIRONMENTS: tuple[Environment, ...] = (
    Environment(name="dev"),
    Environment(
        name="staging",
        tracking_tasks=2,
        tracking_max_tasks=4,
        tracking_workers=2,
        database_instance_type="t4g.small",
        database_backup_days=7,
        log_retention=logs.RetentionDays.ONE_MONTH,
        retains_data=True,
    ),
    Environment(
        name="prod",
        availability_zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
        tracking_tasks=3,
        tracking_max_tasks=9,
        tracking_cpu=1024,
        tracking_memory_mib=4096,
        tracking_workers=4,
        database_instance_type="m7g.large",
        database_storage_gib=100,
        database_multi_az=True,
        database_backup_days=30,
        log_retention=logs.RetentionDays.ONE_YEAR,
        access_log_days=365,
        retains_data=True,
        # Inputs and outputs name customers' data sets and metrics; the course of events suffices.
        logs_execution_data=False,
        api_requests_per_second=2000,
        api_burst=4000,
        predict_provisioned_concurrency=2,
    ),
)


def environment_named(name: str) -> Environment:
    """Return one environment.

    Raises
    ------
    UnknownEnvironmentError
        There is none of that name.
    """
    for environment in ENVIRONMENTS:
        if environment.name == name:
            return environment
    known = ", ".join(environment.name for environment in ENVIRONMENTS)
    raise UnknownEnvironmentError(
        f"There is no environment named {name!r}. Give -c environment= one of: {known}."
    )
