"""Serve the benchmark's bundle: ``python -m benchmarks.serving.tabular.host FOLDER PORT``.

Routing and bundle come from memory in place of DynamoDB and S3. All else is what serves a model of
the platform: the application, the hot route, every field's validation, the choice of a version,
the record on stdout.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn

from benchmarks.serving.tabular.inference import TabularInference
from benchmarks.serving.tabular.signature import MODEL_NAME
from mlops_platform.host.application import make_application
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.feature_items import decode_states
from mlops_platform.serving.predict_service import PredictService
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.predictor import Predictor
from mlops_platform.serving.release_checks import ReleaseChecks
from mlops_platform.serving.routing import Routing, Variant


def make_service(bundle: Path) -> PredictService:
    """Return a service with one version that has all traffic."""
    variant = Variant(version="1", semantic_version="1.0.0", bundle_uri=str(bundle), weight=1.0)
    routing = Routing(model_name=MODEL_NAME, revision=1, variants=(variant,))
    deployments = DeploymentCache(
        read=lambda: routing,
        load=lambda uri: TabularInference.from_folder(Path(uri)),
        max_age_seconds=5.0,
        deadline_seconds=0.5,
        stale_seconds=300.0,
    )
    predictor = Predictor(
        model_name=MODEL_NAME,
        deployments=deployments,
        fetch_states=_no_states,
        decode_states=decode_states,
        records=RecordWriter(),
    )
    releases = ReleaseChecks(
        load=deployments.load, decode_states=decode_states, deployments=deployments
    )
    return PredictService(predictor=predictor, releases=releases)


def _no_states(_entities: Sequence[str]) -> Mapping[str, bytes]:
    """Return nothing: the model's rows name nobody."""
    return {}


def main(bundle: str, port: str) -> None:
    """Serve until the process ends, as `mlops_platform.host` does."""
    uvicorn.run(
        make_application(make_service(Path(bundle))),
        host="127.0.0.1",
        port=int(port),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
