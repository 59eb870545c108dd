"""AWS::RDS::DBInstance: a real PostgreSQL with the template's user, password and database."""

import logging
from pathlib import Path
from typing import Any

from moto.rds.models import DBInstance, rds_backends

from local_cloud.clients import client
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    UnsupportedPropertyError,
    register,
)
from local_cloud.patching import replace
from local_cloud.processes import Processes
from local_cloud.workloads.ports import LOOPBACK
from local_cloud.workloads.postgres import Postgres
from local_cloud.workloads.postgres_install import find_install

logger = logging.getLogger(__name__)

_MAX_IDENTIFIER_LENGTH = 63
_DATABASE = Properties(
    reads={
        "AllocatedStorage",
        "DBInstanceClass",
        "DBName",
        "Engine",
        "EngineVersion",
        "ManageMasterUserPassword",
        "MasterUserPassword",
        "MasterUsername",
    },
    # A server on a laptop's loopback: one copy, no backups, a port of its own.
    ignores={
        "AutoMinorVersionUpgrade",
        "BackupRetentionPeriod",
        "CopyTagsToSnapshot",
        "DBParameterGroupName",
        "DBSubnetGroupName",
        "DeletionProtection",
        "EnableCloudwatchLogsExports",
        "EnablePerformanceInsights",
        "KmsKeyId",
        "MaxAllocatedStorage",
        "MonitoringInterval",
        "MonitoringRoleArn",
        "MultiAZ",
        "Port",
        "PreferredBackupWindow",
        "PreferredMaintenanceWindow",
        "PubliclyAccessible",
        "StorageEncrypted",
        "StorageType",
        "Tags",
        "VPCSecurityGroups",
    },
)


class Databases:
    """The database servers of one cloud.

    Parameters
    ----------
    processes
        Starts them.
    home
        Folder for their data.
    """

    def __init__(self, processes: Processes, home: Path) -> None:
        self._processes = processes
        self._home = home

    def create(self, request: CreateRequest) -> Created:
        """Start the server of a DBInstance.

        Raises
        ------
        UnsupportedPropertyError
            For another engine, or a password that RDS would manage itself.
        """
        properties = request.properties
        if not properties.get("Engine", "").startswith("postgres"):
            raise UnsupportedPropertyError(
                f"The local cloud runs PostgreSQL, not {properties.get('Engine')}."
            )
        if "MasterUserPassword" not in properties:
            raise UnsupportedPropertyError(
                "The local cloud needs MasterUserPassword, as `Credentials.from_generated_secret` "
                "writes it; ManageMasterUserPassword is not supported."
            )
        identifier = request.physical_name.lower()[:_MAX_IDENTIFIER_LENGTH].strip("-")
        server = self._start(identifier, properties, request.region)
        arn = self._record(identifier, properties, request, server.port)
        return Created(
            identifier,
            {
                "Endpoint.Address": LOOPBACK,
                "Endpoint.Port": str(server.port),
                "DBInstanceArn": arn,
                "DbiResourceId": f"db-{identifier}",
            },
        )

    def _start(self, identifier: str, properties: dict[str, Any], region: str) -> Postgres:
        wanted = int(str(properties.get("EngineVersion", "16")).split(".")[0])
        install = find_install(wanted)
        if install.major != wanted:
            logger.info("%s: PostgreSQL %d stands in for %d", identifier, install.major, wanted)
        server = Postgres(install, identifier, self._home, self._processes)
        server.initialise(
            properties["MasterUsername"],
            properties["MasterUserPassword"],
            properties.get("DBName"),
        )
        server.start(region)
        return server

    def _record(
        self, identifier: str, properties: dict[str, Any], request: CreateRequest, port: int
    ) -> str:
        """Let DescribeDBInstances tell the truth about it."""
        described = {"DBName": properties["DBName"]} if properties.get("DBName") else {}
        answer = client("rds", request.region).create_db_instance(
            DBInstanceIdentifier=identifier,
            Engine=properties["Engine"],
            DBInstanceClass=properties["DBInstanceClass"],
            AllocatedStorage=int(properties.get("AllocatedStorage", 20)),
            MasterUsername=properties["MasterUsername"],
            MasterUserPassword=properties["MasterUserPassword"],
            Port=port,
            **described,
        )
        rds_backends[request.account_id][request.region].databases[identifier].port = port
        arn: str = answer["DBInstance"]["DBInstanceArn"]
        return arn


def install(databases: Databases) -> None:
    """Register the provider; moto makes up an address where nothing listens."""
    replace(DBInstance, "address", property(lambda _: LOOPBACK))
    register(
        Provider(
            "AWS::RDS::DBInstance",
            databases.create,
            name_property="DBInstanceIdentifier",
            properties=_DATABASE,
        )
    )
