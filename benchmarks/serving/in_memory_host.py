"""Serve a bundle by our container host: ``… in_memory_host MODEL BUNDLE PORT [SNAPSHOT]``.

Routing, bundle and states come from memory in place of DynamoDB and S3. All else is what serves a
model of the platform: the application, the hot route, every field's validation, the choice of a
version, the record on stdout.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from benchmarks.serving.tabular.inference import TabularInference
from benchmarks.serving.tabular.signature import MODEL_NAME as TABULAR
from mlops_platform.features.snapshot_file import read_snapshot
from mlops_platform.host.application import make_application
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.feature_items import decode_states
from mlops_platform.serving.inference import Inference, load_inference
from mlops_platform.serving.predict_service import PredictService
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.predictor import Predictor
from mlops_platform.serving.release_checks import ReleaseChecks
from mlops_platform.serving.routing import Routing, Variant


def load(model_name: str, bundle: Path) -> Inference:
    """Load a bundle of the benchmark's own model, or of one of the catalogue's."""
    if model_name == TABULAR:
        return TabularInference.from_folder(bundle)
    return load_inference(model_name, bundle)


def packed_states(snapshot: Path) -> dict[str, bytes]:
    """Return the states of a training job's snapshot by entity."""
    with snapshot.open("rb") as file:
        return dict(read_snapshot(file)[1])


def make_service(model_name: str, bundle: Path, states: Mapping[str, bytes]) -> PredictService:
    """Return a service with one version that has all traffic.

    Parameters
    ----------
    model_name, bundle
        Whose bundle, and its folder.
    states
        Packed states by entity: what the feature table would answer.
    """
    variant = Variant(version="1", semantic_version="1.0.0", bundle_uri=str(bundle), weight=1.0)
    routing = Routing(model_name=model_name, revision=1, variants=(variant,))
    deployments = DeploymentCache(
        read=lambda: routing,
        load=lambda uri: load(model_name, Path(uri)),
        max_age_seconds=5.0,
        deadline_seconds=0.5,
        stale_seconds=300.0,
    )
    predictor = Predictor(
        model_name=model_name,
        deployments=deployments,
        fetch_states=lambda names: {name: states[name] for name in names if name in states},
        decode_states=decode_states,
        records=RecordWriter(),
    )
    releases = ReleaseChecks(
        load=deployments.load, decode_states=decode_states, deployments=deployments
    )
    return PredictService(predictor=predictor, releases=releases)


def main(model_name: str, bundle: str, port: str, snapshot: str = "") -> None:
    """Serve until the process ends, as `mlops_platform.host` does."""
    states = packed_states(Path(snapshot)) if snapshot else {}
    uvicorn.run(
        make_application(make_service(model_name, Path(bundle), states)),
        host="127.0.0.1",
        port=int(port),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
