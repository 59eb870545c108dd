"""Serve a bundle by our container host: ``… in_memory_host MODEL BUNDLE PORT [SNAPSHOT]``.

Routing, bundle and states come from memory in place of DynamoDB and S3. All else is what serves a
model of the platform: the application, the hot route, every field's validation, the choice of a
version, the record on stdout.
"""

import sys
from pathlib import Path

from benchmarks.memory_service import service_in_memory
from benchmarks.serving.tabular.inference import TabularInference
from benchmarks.serving.tabular.signature import MODEL_NAME as TABULAR
from mlops_platform.features.snapshot_file import read_snapshot
from mlops_platform.host.application import make_application
from mlops_platform.host.server import serve
from mlops_platform.serving.inference import Inference, load_inference


def load(model_name: str, bundle: Path) -> Inference:
    """Load a bundle of the benchmark's own model, or of one of the catalogue's."""
    if model_name == TABULAR:
        return TabularInference.from_folder(bundle)
    return load_inference(model_name, bundle)


def packed_states(snapshot: Path) -> dict[str, bytes]:
    """Return the states of a training job's snapshot by entity."""
    with snapshot.open("rb") as file:
        return dict(read_snapshot(file)[1])


def main(model_name: str, bundle: str, port: str, snapshot: str = "") -> None:
    """Serve until the process ends, as `mlops_platform.host` does."""
    states = packed_states(Path(snapshot)) if snapshot else {}
    service = service_in_memory(model_name, load(model_name, Path(bundle)), states)
    serve(make_application(service), host="127.0.0.1", port=int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
