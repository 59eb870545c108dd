"""The folder that stands for `/opt/ml`: SageMaker's container contract on disk."""

import json
from pathlib import Path
from typing import Any

from local_cloud.training_jobs import channels

FAILURE_LENGTH = 1024


class MlRoot:
    """`/opt/ml` of one training job, relocated.

    Parameters
    ----------
    directory
        Where it stands; made by `prepare`.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def model(self) -> Path:
        """What becomes `model.tar.gz`."""
        return self.directory / "model"

    @property
    def output_data(self) -> Path:
        """What becomes `output.tar.gz`."""
        return self.directory / "output" / "data"

    def prepare(self, request: dict[str, Any], region: str) -> None:
        """Make the folders, download the channels and write the configuration files.

        Parameters
        ----------
        request
            CreateTrainingJob's request.

        Raises
        ------
        InputDataError
            When a channel cannot be delivered.
        """
        for path in (self.model, self.output_data, self.directory / "input" / "config"):
            path.mkdir(parents=True)
        data = self.directory / "input" / "data"
        data.mkdir()
        inputs = {
            channel["ChannelName"]: channels.download(channel, data, region)
            for channel in request.get("InputDataConfig") or []
        }
        hyperparameters = {
            name: str(value) for name, value in (request.get("HyperParameters") or {}).items()
        }
        self._write_config("hyperparameters", hyperparameters)
        self._write_config("inputdataconfig", inputs)
        self._write_config("resourceconfig", _resources(request["ResourceConfig"]))

    def failure(self) -> str:
        """Return the start of what the job wrote to `output/failure`; "" if nothing."""
        path = self.directory / "output" / "failure"
        return path.read_text(errors="replace")[:FAILURE_LENGTH] if path.is_file() else ""

    def _write_config(self, name: str, content: dict[str, Any]) -> None:
        path = self.directory / "input" / "config" / f"{name}.json"
        path.write_text(json.dumps(content))


def _resources(resource_config: dict[str, Any]) -> dict[str, Any]:
    instance_type = resource_config.get("InstanceType", "ml.m5.large")
    group = {"instance_group_name": "homogeneousCluster", "instance_type": instance_type}
    return {
        "current_host": "algo-1",
        "current_instance_type": instance_type,
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [{**group, "hosts": ["algo-1"]}],
        "network_interface_name": "lo",
    }
