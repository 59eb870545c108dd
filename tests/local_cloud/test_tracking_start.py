"""MLflow's container program against a real database: `cdk/images/tracking/start.py`."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import mlflow
import psycopg2
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from mlflow.store.tracking.dbmodels.initial_models import Base
from sqlalchemy import create_engine

from cdk.constructs.tracking_server import IMAGE
from cdk.images.tracking.start import store_uri
from local_cloud.cloud import LocalCloud
from local_cloud.sessions import command_line, signal_group
from local_cloud.workloads.ports import free_port
from tests.local_cloud.assemblies import Assembly

PASSWORD = "a/b@c:d?#%"
MIGRATIONS = Path(mlflow.__file__).parent / "store" / "db_migrations"


@pytest.fixture
def database(cloud: LocalCloud, new_assembly: Callable[[], Assembly]) -> dict[str, str]:
    """An empty database, as ECS describes it to the container."""
    assembly = new_assembly()
    assembly.add_resource(
        "Database",
        "AWS::RDS::DBInstance",
        {
            "Engine": "postgres",
            "EngineVersion": "17",
            "DBInstanceClass": "db.t4g.micro",
            "AllocatedStorage": "20",
            "MasterUsername": "mlflow",
            "MasterUserPassword": PASSWORD,
            "DBName": "mlflow",
        },
    )
    assembly.add_output("Host", {"Fn::GetAtt": ["Database", "Endpoint.Address"]})
    assembly.add_output("Port", {"Fn::GetAtt": ["Database", "Endpoint.Port"]})
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)
    return {
        "DB_HOST": outputs["Host"],
        "DB_PORT": outputs["Port"],
        "DB_NAME": "mlflow",
        "DB_USERNAME": "mlflow",
        "DB_PASSWORD": PASSWORD,
    }


Start = Callable[[Sequence[str]], subprocess.Popen[str]]


@pytest.fixture
def start(database: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start the program as tasks of their own: nothing but the database is shared."""
    started: list[subprocess.Popen[str]] = []

    def run(arguments: Sequence[str]) -> subprocess.Popen[str]:
        home = tmp_path / f"task-{len(started)}"
        home.mkdir()
        environment = {
            **database,
            "HOME": str(home),
            "LOAD_BALANCER_HOST": "localhost",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TMPDIR": str(home),
        }
        task = subprocess.Popen(
            [sys.executable, str(IMAGE / "start.py"), *arguments],
            cwd=home,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(task)
        return task

    yield run
    for task in started:
        with task:
            signal_group(task.pid, signal.SIGKILL)


def rows(database: dict[str, str], query: str) -> list[tuple[Any, ...]]:
    uri = store_uri(database).replace("+psycopg2", "")
    with closing(psycopg2.connect(uri)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def wait_until_serving(task: subprocess.Popen[str]) -> None:
    """Return when the server says that it serves; fail with its words when it ends instead."""
    said = []
    for line in task.stdout or ():
        said.append(line)
        if "Application startup complete" in line:
            return
    pytest.fail("".join(said))


def command_lines() -> list[str]:
    """Return what a list of this machine's processes shows (nothing where there is no /proc)."""
    return [command_line(int(path.name)) for path in Path("/proc").glob("[0-9]*")]


def test_two_tasks_at_once_on_an_empty_database_both_serve(
    database: dict[str, str], start: Start
) -> None:
    words = ["server", "--host", "127.0.0.1", "--workers", "1"]
    tasks = [start([*words, "--port", str(free_port())]) for _ in range(2)]

    for task in tasks:
        wait_until_serving(task)

    assert rows(database, "SELECT name FROM experiments") == [("Default",)]
    assert not [line for line in command_lines() if PASSWORD in line or "a%2Fb%40c" in line]


# MLflow's models use what SQLAlchemy means to drop.
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
def test_the_database_of_an_older_mlflow_is_brought_up_to_date(
    database: dict[str, str], start: Start
) -> None:
    # Given the schema of the version before
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    configuration = Config(MIGRATIONS / "alembic.ini")
    configuration.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(store_uri(database))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revisions[1])
    engine.dispose()
    assert rows(database, "SELECT version_num FROM alembic_version") == [(revisions[1],)]

    # When a task of this version starts
    task = start(["--version"])
    output, _ = task.communicate()

    # Then it works on its own schema
    assert task.returncode == 0, output
    assert rows(database, "SELECT version_num FROM alembic_version") == [(revisions[0],)]
