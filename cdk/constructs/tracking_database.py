"""MLflow's PostgreSQL."""

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk.environments import Environment
from cdk.stacks.network import Network

DATABASE = "mlflow"
PORT = 5432


class TrackingDatabase(Construct):
    """A PostgreSQL instance whose password only Secrets Manager and MLflow's tasks know.

    It has a key of its own: the key's policy names the tasks that may read the secret, and
    Storage, where the other key is, must not depend on this stack.

    Attributes
    ----------
    instance : rds.DatabaseInstance
    secrets : dict of str to ecs.Secret
        The connection for a container, part by part: ``DB_HOST``, ``DB_PORT``, ``DB_NAME``,
        ``DB_USERNAME``, ``DB_PASSWORD``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
    ) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            description="Encrypts MLflow's database and its password",
            enable_key_rotation=True,
            removal_policy=environment.removal_policy,
        )
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_9)
        self.instance = rds.DatabaseInstance(
            self,
            "Instance",
            engine=engine,
            instance_type=ec2.InstanceType(environment.database_instance_type),
            vpc=network.vpc,
            vpc_subnets=network.isolated,
            credentials=rds.Credentials.from_generated_secret(DATABASE, encryption_key=key),
            database_name=DATABASE,
            port=PORT,
            multi_az=environment.database_multi_az,
            allocated_storage=environment.database_storage_gib,
            max_allocated_storage=environment.database_storage_gib * 5,
            storage_type=rds.StorageType.GP3,
            storage_encrypted=True,
            storage_encryption_key=key,
            backup_retention=Duration.days(environment.database_backup_days),
            copy_tags_to_snapshot=True,
            deletion_protection=environment.retains_data,
            removal_policy=environment.removal_policy,
            auto_minor_version_upgrade=True,
            publicly_accessible=False,
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=engine,
                description="MLflow's database: encrypted connections only",
                parameters={"rds.force_ssl": "1"},
            ),
        )
        self.secrets = self._secrets()

    def _secrets(self) -> dict[str, ecs.Secret]:
        secret = self.instance.secret
        if secret is None:  # pragma: no cover (jsii types it so; generated credentials have one)
            raise TypeError("The database has no secret.")
        fields = {
            "DB_HOST": "host",
            "DB_PORT": "port",
            "DB_NAME": "dbname",
            "DB_USERNAME": "username",
            "DB_PASSWORD": "password",
        }
        return {
            variable: ecs.Secret.from_secrets_manager(secret, field)
            for variable, field in fields.items()
        }
