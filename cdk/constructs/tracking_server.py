"""MLflow's servers: one Fargate service behind an internal load balancer."""

from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.constructs.internal_balancer import InternalBalancer
from cdk.constructs.tracking_database import TrackingDatabase
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage

IMAGE = Path(__file__).parents[1] / "images" / "tracking"
PORT = 5000
# An artifact passes through the server in one request.
_IDLE_SECONDS = 300


class TrackingServer(Construct):
    """MLflow, stateless: records in PostgreSQL, artifacts in S3, both reached by the server alone.

    The server hands artifacts through (``mlflow-artifacts:``), so a training job or a person
    needs no right on the bucket; only this task has one.

    Attributes
    ----------
    uri : str
        Where clients reach it: ``http://<load balancer>``.
    service : ecs.FargateService
    balancer : InternalBalancer
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        database: TrackingDatabase,
    ) -> None:
        super().__init__(scope, construct_id)
        self.balancer = InternalBalancer(
            self,
            "Balancer",
            environment=environment,
            network=network,
            storage=storage,
            idle_timeout=Duration.seconds(_IDLE_SECONDS),
        )
        self.uri = f"http://{self.balancer.load_balancer_dns_name}"
        self.task = self._task(environment, storage, database)
        self.service = self._service(environment, network)
        database.instance.connections.allow_default_port_from(self.service, "MLflow's tasks")
        storage.artifacts.grant_read_write(self.task.task_role, "mlflow/*")
        self._listen(network)
        self._scale(environment)

    def _task(
        self, environment: Environment, storage: Storage, database: TrackingDatabase
    ) -> ecs.FargateTaskDefinition:
        task = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=environment.tracking_cpu,
            memory_limit_mib=environment.tracking_memory_mib,
        )
        group = logs.LogGroup(
            self,
            "Logs",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )
        task.add_container(
            "mlflow",
            image=ecs.ContainerImage.from_asset(
                str(IMAGE),
                platform=ecr_assets.Platform.LINUX_AMD64,
                exclude=["__pycache__", "requirements.in"],
            ),
            command=_command(environment, storage),
            environment={
                # What boto3 reads; it does not read AWS_REGION.
                "AWS_DEFAULT_REGION": Stack.of(self).region,
                "LOAD_BALANCER_HOST": self.balancer.load_balancer_dns_name,
                # Background jobs are not used here and treble the memory.
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                "MLFLOW_DISABLE_TELEMETRY": "true",
            },
            secrets=database.secrets,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="mlflow", log_group=group),
            port_mappings=[ecs.PortMapping(container_port=PORT)],
        )
        return task

    def _service(self, environment: Environment, network: Network) -> ecs.FargateService:
        cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )
        service = ecs.FargateService(
            self,
            "Service",
            cluster=cluster,
            task_definition=self.task,
            desired_count=environment.tracking_tasks,
            vpc_subnets=network.isolated,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            # A new task may wait for another one's migration of the database.
            health_check_grace_period=Duration.minutes(10),
        )
        # Without its policy, the first tasks may not read the password; three of them end a
        # deployment.
        service.node.add_dependency(self.task.obtain_execution_role())
        return service

    def _listen(self, network: Network) -> None:
        listener = self.balancer.add_listener(
            "Http", port=80, protocol=elbv2.ApplicationProtocol.HTTP, open=False
        )
        listener.add_targets(
            "Servers",
            port=PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[self.service],
            deregistration_delay=Duration.seconds(30),
            health_check=elbv2.HealthCheck(path="/health", interval=Duration.seconds(15)),
        )
        self.balancer.connections.allow_from(
            network.tracking_clients, ec2.Port.tcp(80), "Functions and training jobs"
        )

    def _scale(self, environment: Environment) -> None:
        scaling = self.service.auto_scale_task_count(
            min_capacity=environment.tracking_tasks, max_capacity=environment.tracking_max_tasks
        )
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)


def _command(environment: Environment, storage: Storage) -> list[str]:
    """Return the container's command; `start.py` sees to the database and the allowed hosts."""
    server = {
        "--host": "0.0.0.0",  # noqa: S104 (inside its own network interface)
        "--port": str(PORT),
        "--workers": str(environment.tracking_workers),
        "--artifacts-destination": storage.artifacts.s3_url_for_object("mlflow"),
        # The balancer must be the one to close first, or a request may meet a closed connection.
        "--uvicorn-opts": f"--timeout-keep-alive {_IDLE_SECONDS + 10}",
    }
    options = [word for pair in server.items() for word in pair]
    return ["python", "start.py", "server", *options]
