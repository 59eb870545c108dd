"""A model's service with memory in the place of the network; all else is what serves a model."""

import math
from collections.abc import Mapping

from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.feature_items import decode_states
from mlops_platform.serving.inference import Inference
from mlops_platform.serving.predict_service import PredictService
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.predictor import Predictor
from mlops_platform.serving.release_checks import ReleaseChecks
from mlops_platform.serving.routing import Routing, Variant


def service_in_memory(
    model_name: str, inference: Inference, states: Mapping[str, bytes]
) -> PredictService:
    """Return a service with one version that has all traffic.

    Parameters
    ----------
    model_name, inference
        What serves.
    states
        Packed states by entity: the feature table's answers.
    """
    variant = Variant(version="1", semantic_version="1.0.0", bundle_uri="memory", weight=1.0)
    routing = Routing(model_name=model_name, revision=1, variants=(variant,))
    deployments = DeploymentCache(
        read=lambda: routing,
        load=lambda _uri: inference,
        max_age_seconds=math.inf,
        deadline_seconds=1.0,
        stale_seconds=math.inf,
    )
    return PredictService(
        predictor=Predictor(
            model_name=model_name,
            deployments=deployments,
            fetch_states=lambda names: {name: states[name] for name in names if name in states},
            decode_states=decode_states,
            records=RecordWriter(),
        ),
        releases=ReleaseChecks(
            load=deployments.load, decode_states=decode_states, deployments=deployments
        ),
    )
