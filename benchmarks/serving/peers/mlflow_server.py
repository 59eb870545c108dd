"""``mlflow models serve``: XGBoost itself behind MLflow's scoring server, asked with a tensor."""

import os
import subprocess
from pathlib import Path

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.server import HOST, Server
from local_cloud.workloads.ports import free_port

_SAVE = Path(__file__).with_name("mlflow_model.py")


def mlflow(binaries: Path, model: ModelFiles, folder: Path) -> Server:
    """Save the model as MLflow's users do; see `peers.catalogue.Prepare`."""
    environment = peer_environment(
        MLFLOW_DISABLE_TELEMETRY="true",
        UVICORN_ACCESS_LOG="false",
        # It starts the uvicorn that it finds first.
        PATH=f"{binaries}{os.pathsep}{os.environ['PATH']}",
    )
    subprocess.run(
        [binaries / "python", _SAVE, model.booster, folder / "model"],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    port = free_port()
    return Server(
        name="mlflow",
        command=[
            *(binaries / "mlflow", "models", "serve", "--model-uri", folder / "model"),
            *("--env-manager", "local", "--workers", "1", "--host", HOST, "--port", str(port)),
        ],
        environment=environment,
        folder=folder,
        port=port,
        path="/invocations",
        body=lambda row: {"inputs": [row]},
        probability=lambda answer: answer["predictions"][0],
    )
