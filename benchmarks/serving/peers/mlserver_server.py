"""MLServer: XGBoost itself behind its own runtime, asked by the V2 inference protocol."""

import json
import shutil
from pathlib import Path

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.peers.isolation import peer_environment
from benchmarks.serving.server import HOST, Server
from local_cloud.workloads.ports import free_port

_NAME = "tabular"


def mlserver(binaries: Path, model: ModelFiles, folder: Path) -> Server:
    """Lay a model repository out; see `peers.catalogue.Prepare`."""
    shutil.copy(model.booster, folder)
    port = free_port()
    settings = {
        "host": HOST,
        "http_port": port,
        "grpc_port": free_port(),
        "metrics_port": free_port(),
        # Without debugging it writes no access log.
        "debug": False,
        # A worker process would share the one core with the server, and cost the way to it.
        "parallel_workers": 0,
    }
    of_model = {
        "name": _NAME,
        "implementation": "mlserver_xgboost.XGBoostModel",
        "parameters": {"uri": f"./{model.booster.name}"},
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "model-settings.json").write_text(json.dumps(of_model))
    return Server(
        name="mlserver",
        command=[binaries / "mlserver", "start", folder],
        environment=peer_environment(),
        folder=folder,
        port=port,
        path=f"/v2/models/{_NAME}/infer",
        body=lambda row: {
            "inputs": [{"name": "rows", "shape": [1, len(row)], "datatype": "FP32", "data": row}]
        },
        probability=lambda answer: answer["outputs"][0]["data"][0],
    )
