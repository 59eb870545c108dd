"""LitServe: the graph in ONNX Runtime, in a worker process of its own as LitServe has it."""

from pathlib import Path

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.server import Server
from local_cloud.workloads.ports import free_port

_SERVICE = Path(__file__).with_name("litserve_service.py")


def litserve(binaries: Path, model: ModelFiles, folder: Path) -> Server:
    """Describe the service; see `peers.catalogue.Prepare`."""
    port = free_port()
    return Server(
        name="litserve",
        command=[binaries / "python", _SERVICE, model.graph, str(port)],
        environment=peer_environment(),
        folder=folder,
        port=port,
        path="/predict",
        body=lambda row: {"features": row},
        probability=lambda answer: answer["probability"],
    )
