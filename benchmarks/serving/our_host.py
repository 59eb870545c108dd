"""Our container host with the benchmark's model."""

import os
import sys
from pathlib import Path
from typing import Final

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.server import Server
from benchmarks.serving.tabular.signature import FEATURE_NAMES, MODEL_NAME
from local_cloud.workloads.ports import free_port

NAME: Final = "ours"


def our_host(model: ModelFiles) -> Server:
    """Describe the host on the model's bundle."""
    port = free_port()
    return Server(
        name=NAME,
        command=[sys.executable, "-m", "benchmarks.serving.tabular.host", model.bundle, str(port)],
        environment=os.environ,
        folder=Path.cwd(),
        port=port,
        path=f"/ml/{MODEL_NAME}/predict",
        body=lambda row: {"features": dict(zip(FEATURE_NAMES, row, strict=True))},
        probability=lambda answer: answer["prediction"]["probability"],
    )
