# noqa: INP001 (a container's program, not a package)
"""Run MLflow on an up-to-date database: `python start.py server …` is `mlflow server …`.

Database and allowed hosts come and go by environment alone, so that no process list shows the
password. All in one process, because importing MLflow takes longer than the rest.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import quote

# The same for all tasks of one database; no other program locks anything there.
_SCHEMA_LOCK = int.from_bytes(b"mlflow")
# Often enough that no network forgets the session while another task's migration takes its time.
_KEEPALIVE_SECONDS = 60


def store_uri(environment: Mapping[str, str]) -> str:
    """Return the SQLAlchemy URI of the database described by ``DB_*``.

    Examples
    --------
    >>> store_uri({"DB_USERNAME": "m", "DB_PASSWORD": "a/b@c", "DB_HOST": "h", "DB_PORT": "5432",
    ...            "DB_NAME": "mlflow"})
    'postgresql+psycopg2://m:a%2Fb%40c@h:5432/mlflow'
    """
    user, password, host, port, name = (
        quote(environment[f"DB_{part}"], safe="")
        for part in ("USERNAME", "PASSWORD", "HOST", "PORT", "NAME")
    )
    return f"postgresql+psycopg2://{user}:{password}@{host}:{port}/{name}"


def allowed_hosts(load_balancer: str) -> str:
    """Return the Host headers that MLflow shall accept.

    A load balancer's DNS name keeps the capitals of its resource, HTTP clients send it in small
    letters, and MLflow compares letter by letter.

    Examples
    --------
    >>> allowed_hosts("internal-Self-Alb.elb.amazonaws.com")
    'internal-Self-Alb.elb.amazonaws.com,internal-self-alb.elb.amazonaws.com'
    """
    return ",".join(dict.fromkeys([load_balancer, load_balancer.lower()]))


def upgrade_schema(environment: Mapping[str, str], uri: str) -> None:
    """Create MLflow's tables, or bring them up to date, while no other task does.

    The lock belongs to the session, so it goes with it, however this process ends.

    Raises
    ------
    psycopg2.OperationalError
        The database described by ``DB_*`` cannot be reached.
    """
    import psycopg2  # noqa: PLC0415 (the image's, and slow; the templates are written without it)
    from mlflow.cli import cli  # noqa: PLC0415 (as above)

    session = psycopg2.connect(
        host=environment["DB_HOST"],
        port=environment["DB_PORT"],
        user=environment["DB_USERNAME"],
        password=environment["DB_PASSWORD"],
        dbname=environment["DB_NAME"],
        keepalives_idle=_KEEPALIVE_SECONDS,
    )
    with closing(session):
        # Outside a transaction: an open one would hold up statements of the migrations.
        session.autocommit = True
        session.cursor().execute("SELECT pg_advisory_lock(%s)", [_SCHEMA_LOCK])
        cli(["db", "upgrade", uri], standalone_mode=False)


def main(arguments: list[str]) -> None:
    """Upgrade the schema, then run MLflow's command line with these arguments."""
    from mlflow.cli import cli  # noqa: PLC0415 (as above)

    uri = store_uri(os.environ)
    os.environ["MLFLOW_BACKEND_STORE_URI"] = uri
    os.environ["MLFLOW_SERVER_ALLOWED_HOSTS"] = allowed_hosts(os.environ["LOAD_BALANCER_HOST"])
    upgrade_schema(os.environ, uri)
    cli(arguments, prog_name="mlflow")


if __name__ == "__main__":
    main(sys.argv[1:])
