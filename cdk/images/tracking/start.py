# noqa: INP001 (a container's program, not a package)
"""Become the command given, with MLflow's database and allowed hosts in the environment.

`python start.py mlflow server …`: the password travels by environment alone, so that no process
list shows it.
"""

import os
import sys
from collections.abc import Mapping
from urllib.parse import quote


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


if __name__ == "__main__":
    os.environ["MLFLOW_BACKEND_STORE_URI"] = store_uri(os.environ)
    os.environ["MLFLOW_SERVER_ALLOWED_HOSTS"] = allowed_hosts(os.environ["LOAD_BALANCER_HOST"])
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 (the container's command, no shell wanted)
