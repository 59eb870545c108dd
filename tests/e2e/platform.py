"""A deployed platform for tests: one local cloud as a process of its own, with a small world."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import urllib3

from mlops_platform.aws.clients import client
from mlops_platform.cli.cloud import first_key, start_cloud
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.data_bucket import upload_table_file
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.training_pipeline import TrainingPipeline

MODEL = "fraud_detection"
WORLD = World(seed=1, n_users=600, n_merchants=1_000)
FIRST_DAY = date(2025, 1, 6)
DAYS = 70
_ADMIN_SECONDS = 180.0


@dataclass(frozen=True)
class Platform:
    """The dev environment on a local cloud.

    Parameters
    ----------
    cloud
        What the local cloud wrote about itself.
    config
        The environment's configuration, with a key of all scopes.
    """

    cloud: dict[str, Any]
    config: MLOpsConfig

    @property
    def api(self) -> ApiClient:
        return ApiClient(self.config)

    @property
    def pipeline(self) -> TrainingPipeline:
        return TrainingPipeline(self.config)

    def moment(self, days: int) -> datetime:
        """Return the midnight after a number of the world's days."""
        midnight = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
        return midnight + timedelta(days=days)

    def upload_world(self, first: int, last: int) -> None:
        """Put the world's days, counted from 0, into the data bucket."""
        begin, end = (FIRST_DAY + timedelta(days=day) for day in (first, last))
        with tempfile.TemporaryDirectory() as folder:
            for path in write_days(WORLD, Path(folder), begin, end, since=FIRST_DAY):
                upload_table_file(self.config, path.parent.name, path)

    def routing(self) -> dict[str, Any]:
        """Return the routing table's item; empty while nothing is deployed."""
        answer = client("dynamodb").get_item(
            TableName=discover(self.config, "routing_table"),
            Key={"model_name": {"S": MODEL}},
            ConsistentRead=True,
        )
        return dict(answer.get("Item", {}))

    def production(self) -> dict[str, Any]:
        """Return Production by each of its three witnesses, which must agree."""
        routing = self.routing()
        variants = json.loads(routing["variants"]["S"]) if routing else []
        alias = self.mlflow("registered-models/alias", name=MODEL, alias="production")
        return {
            "routing": [variant["version"] for variant in variants],
            "alias": alias.get("model_version", {}).get("version"),
            "api": self.api.call("GET", f"/models/{MODEL}")["production"],
        }

    def mlflow(self, path: str, **query: str) -> dict[str, Any]:
        """Ask the tracking server itself."""
        url = discover(self.config, "tracking_uri")
        answer = urllib3.request("GET", f"{url}/api/2.0/mlflow/{path}", fields=query)
        return dict(json.loads(answer.data))

    def admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Use the local cloud's own controls."""
        url = f"{self.cloud['admin_url']}{path}"
        # A drain takes as long as what is on its way, and must not be asked for twice.
        answer = urllib3.request(
            method, url, json=body or {}, timeout=_ADMIN_SECONDS, retries=False
        )
        assert answer.status < 300, answer.data
        return json.loads(answer.data or b"null")

    def kill(self, kind: str, matching: Callable[[str], bool] = lambda _: True) -> int:
        """Kill the cloud's processes of a kind; return how many were killed."""
        return sum(kill_process(pid) for pid in self.pids(kind, matching))

    def kill_function(self, function: str) -> int:
        """Kill a function's execution environments, by a part of its name; return how many."""
        return self.kill("function", lambda name: function in name)

    def pids(self, kind: str, matching: Callable[[str], bool] = lambda _: True) -> list[int]:
        """Return the cloud's running processes of a kind."""
        processes = self.admin("GET", "/processes")
        return [p["pid"] for p in processes if p["kind"] == kind and matching(p["name"])]


def kill_process(pid: int) -> bool:
    """Kill a process; return whether it was there."""
    try:
        psutil.Process(pid).kill()
    except psutil.NoSuchProcess:
        return False
    return True


@contextmanager
def running_platform(state: Path, assembly: Path) -> Iterator[Platform]:
    """Run a local cloud for the time of the block."""
    before = dict(os.environ)
    cloud = start_cloud(state, assembly)
    try:
        api_key = first_key(cloud.description)
        discover.cache_clear()
        client.cache_clear()
        yield Platform(cloud.description, MLOpsConfig(api_key=api_key))
    finally:
        cloud.stop()
        os.environ.clear()
        os.environ.update(before)
        discover.cache_clear()
        client.cache_clear()
