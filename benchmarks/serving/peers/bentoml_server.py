"""BentoML: the graph in ONNX Runtime behind a typed API."""

from pathlib import Path

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.server import HOST, Server
from local_cloud.workloads.ports import free_port

_SERVICE = Path(__file__).with_name("bentoml_service.py")


def bentoml(binaries: Path, model: ModelFiles, folder: Path) -> Server:
    """Describe the service; see `peers.catalogue.Prepare`."""
    port = free_port()
    return Server(
        name="bentoml",
        command=[
            *(binaries / "bentoml", "serve", f"{_SERVICE.stem}:Tabular"),
            *("--working-dir", _SERVICE.parent, "--host", HOST, "--port", str(port)),
        ],
        environment=peer_environment(
            BENTOML_DO_NOT_TRACK="true", BENTOML_HOME=str(folder), GRAPH=str(model.graph)
        ),
        folder=folder,
        port=port,
        path="/predict",
        body=lambda row: {"features": row},
        probability=lambda answer: answer["probability"],
    )
