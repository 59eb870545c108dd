"""The peers by name, each in an environment of its own."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.peers.bentoml_server import bentoml
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.peers.litserve_server import litserve
from benchmarks.serving.peers.mlflow_server import mlflow
from benchmarks.serving.peers.mlserver_server import mlserver
from benchmarks.serving.server import Server

# Takes the folder of the environment's programs, the model and an empty folder to work in.
Prepare = Callable[[Path, ModelFiles, Path], Server]
PEERS: Final[Mapping[str, Prepare]] = {
    "mlflow": mlflow,
    "mlserver": mlserver,
    "litserve": litserve,
    "bentoml": bentoml,
}
_ENVIRONMENTS: Final = Path(".local/peers")
_UV: Final = Path(sys.executable).with_name("uv")


def installed(name: str) -> Path:
    """Install a peer's pinned requirements, if they are not; return its programs' folder.

    Raises
    ------
    subprocess.CalledProcessError
        They cannot be installed; its `stderr` says why.
    """
    environment = (_ENVIRONMENTS / name).absolute()
    requirements = Path(__file__).with_name(f"{name}.txt")
    if not environment.exists():
        _uv("venv", "--python", sys.executable, environment)
    # Quick where nothing is missing, and the pins hold in an older environment, too.
    _uv("pip", "sync", "--python", environment, requirements)
    return environment / "bin"


def _uv(*words: str | Path) -> None:
    subprocess.run(
        [_UV, *words], check=True, capture_output=True, text=True, env=peer_environment()
    )
