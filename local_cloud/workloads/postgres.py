"""One PostgreSQL server: its data directory, its process, its readiness."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from local_cloud.container_end import wait_for_end
from local_cloud.log_streams import LogStream
from local_cloud.processes import Processes
from local_cloud.workloads.ports import free_port
from local_cloud.workloads.postgres_install import PostgresInstall

_RUN_AS = Path(__file__).with_name("run_as.py")
_START_TIMEOUT_SECONDS = 60.0
# A local cloud's data lives as long as the cloud: durability would only cost time.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


class DatabaseStartError(Exception):
    """PostgreSQL did not come up."""


class Postgres:
    """A PostgreSQL server on a loopback port.

    Parameters
    ----------
    install
        The programs, and the user to run them as.
    identifier
        Name in logs and process lists.
    home
        Folder for the data, where the server runs as the current user.
    processes
        Starts the server, and removes its data when it has ended.

    Attributes
    ----------
    port
        Where it listens once it is started.
    """

    port: int

    def __init__(
        self, install: PostgresInstall, identifier: str, home: Path, processes: Processes
    ) -> None:
        self._install = install
        self._identifier = identifier
        self._processes = processes
        home.mkdir(parents=True, exist_ok=True)
        # Another user may not be able to reach the home folder, but can reach the temporary one.
        parent = home if install.user is None else None
        self._directory = Path(tempfile.mkdtemp(prefix="local-cloud-database-", dir=parent))
        processes.own_folder(self._directory)
        self._data = self._directory / "data"
        if install.user is not None and install.group is not None:
            os.chown(self._directory, install.user, install.group)

    def initialise(self, user: str, password: str, database: str | None) -> None:
        """Make the data directory with one superuser, and the database if one is named."""
        # The owner's ids are the directory's, so initdb may read the file and nobody else.
        password_file = self._directory / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        if self._install.user is not None and self._install.group is not None:
            os.chown(password_file, self._install.user, self._install.group)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={user}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        password_file.unlink()
        if database and database != "postgres":
            quoted = database.replace('"', '""')
            self._run(
                "postgres",
                "--single",
                "-D",
                str(self._data),
                "-c",
                "fsync=off",
                "postgres",
                text=f'CREATE DATABASE "{quoted}"\n',
            )

    def start(self, region: str) -> None:
        """Start the server and return when it takes connections.

        Raises
        ------
        DatabaseStartError
            When it ends or stays silent instead.
        """
        ready, ended = threading.Event(), threading.Event()
        lines: list[str] = []

        def watch(line: str) -> None:
            if not ready.is_set():
                lines.append(line)
            if "database system is ready to accept connections" in line:
                ready.set()

        def supervise() -> None:
            try:
                wait_for_end(process, log.follow)
            finally:
                ended.set()
                ready.set()

        group = f"/aws/rds/instance/{self._identifier}/postgresql"
        log = LogStream(group, f"{self._identifier}.0", region, watch)
        process = self._spawn()
        threading.Thread(target=supervise, name=f"database-{self._identifier}", daemon=True).start()
        if not ready.wait(_START_TIMEOUT_SECONDS) or ended.is_set():
            raise DatabaseStartError(
                f"PostgreSQL for {self._identifier} did not start: {' | '.join(lines[-5:])}"
            )

    def _spawn(self) -> "subprocess.Popen[bytes]":
        # As late as can be: another program may take a free port before it is bound.
        self.port = free_port()
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        program = str(self._install.programs / "postgres")
        server = [program, "-D", str(self._data), "-p", str(self.port), *settings]
        return self._processes.spawn(
            "database",
            self._identifier,
            [*self._as_user(), *server],
            environment=_environment(),
            cwd=self._directory,
            stdout=subprocess.PIPE,
        )

    def _as_user(self) -> list[str]:
        if self._install.user is None:
            return []
        ids = [str(self._install.user), str(self._install.group)]
        return [sys.executable, "-I", "-S", str(_RUN_AS), *ids]

    def _run(self, program: str, *arguments: str, text: str | None = None) -> None:
        done = subprocess.run(
            [str(self._install.programs / program), *arguments],
            cwd=self._directory,
            env=_environment(),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            user=self._install.user,
            group=self._install.group,
            extra_groups=[] if self._install.user is not None else None,
        )
        if done.returncode != 0 or "ERROR" in done.stderr or "FATAL" in done.stderr:
            raise DatabaseStartError(f"{program} for {self._identifier}: {done.stderr.strip()}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
