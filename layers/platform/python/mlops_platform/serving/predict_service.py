"""The routes of one model: ``/ml/{model}/predict``, ``batch_predict`` and ``health``."""

import functools
import time
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.models import MODELS
from mlops_platform.config.predict_settings import PredictSettings
from mlops_platform.errors import ModelNotFoundError, RequestValidationError
from mlops_platform.serving.bundle_download import load_bundle
from mlops_platform.serving.conversations import Conversations
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.feature_items import decode_states
from mlops_platform.serving.http import Answer, HttpRequest, json_answer
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.prediction_request import (
    PredictionRequest,
    parse_batch_predict,
    parse_predict,
)
from mlops_platform.serving.predictor import Predictions, Predictor, RowProblems
from mlops_platform.serving.release_checks import ReleaseChecks
from mlops_platform.serving.routing import read_routing
from mlops_platform.serving.row_answers import row_answer
from mlops_platform.serving.state_lookup import fetch_states


@dataclass(frozen=True, kw_only=True)
class PredictService:
    """Answers HTTP requests to one model with its `Predictor`, and the releases of that model.

    Parameters
    ----------
    predictor
        Answers predictions.
    releases
        Answers what a release asks before and after it.
    conversations
        Where callers may leave the sessions of their conversations; None: they carry them.
    """

    predictor: Predictor
    releases: ReleaseChecks
    conversations: Conversations | None = None

    @classmethod
    def from_settings(
        cls, settings: PredictSettings, conversations: Conversations | None = None
    ) -> Self:
        """Connect the predictor to AWS; nothing is read before the first request."""
        predictor = make_predictor(settings, RecordWriter())
        releases = ReleaseChecks(
            load=functools.partial(load_bundle, client("s3"), settings.model_name),
            decode_states=predictor.decode_states,
            deployments=predictor.deployments,
        )
        return cls(predictor=predictor, releases=releases, conversations=conversations)

    def answer(self, request: HttpRequest) -> Answer:
        """Answer one request.

        Raises
        ------
        PlatformError
            For every reason not to answer; `serving.http` makes a problem of it.
        """
        if request.model_name != self.predictor.model_name:
            raise ModelNotFoundError(_unknown(f"There is no model {request.model_name!r} here."))
        match request.method, request.action:
            case "POST", "predict":
                return self._predict(parse_predict(request.body), request.started)
            case "POST", "batch_predict":
                return self._predict(parse_batch_predict(request.body), request.started)
            case "GET", "health":
                return self._health()
        raise ModelNotFoundError(
            _unknown(f"A model has no route {request.method} …/{request.action}.")
        )

    def _predict(self, request: PredictionRequest, started: float) -> Answer:
        if self.conversations is None:
            predictions = self.predictor.predict(request, started)
        else:
            predictions = _converse(self.predictor, self.conversations, request, started)
        _refuse_if_none(predictions)
        content = _batch(predictions) if request.is_batch else _single(predictions)
        answer = json_answer(200, content)
        answer["headers"]["server-timing"] = _server_timing(predictions, started)
        return answer

    def _health(self) -> Answer:
        deployment = self.predictor.deployments.current()
        variants = [
            {
                "model_version": variant.semantic_version,
                "version": variant.version,
                "weight": variant.weight,
                "bundle_sha256": deployment.inference(variant).bundle_sha256,
            }
            for variant in deployment.routing.variants
        ]
        return json_answer(
            200,
            {
                "status": "ok",
                "model_name": self.predictor.model_name,
                "revision": deployment.routing.revision,
                "variants": variants,
            },
        )


def make_predictor(settings: PredictSettings, records: RecordWriter | None) -> Predictor:
    """Connect a model's predictor to AWS; nothing is read before it is asked."""
    # A read that a deadline gives up on must not hang on in its thread, either.
    patience = max(settings.lookup_deadline_seconds, settings.routing_deadline_seconds)
    dynamodb = client("dynamodb", timeout_seconds=patience * 2, attempts=2)
    name = settings.model_name
    return Predictor(
        model_name=name,
        deployments=DeploymentCache(
            read=functools.partial(read_routing, dynamodb, settings.routing_table, name),
            load=functools.partial(load_bundle, client("s3"), name),
            max_age_seconds=settings.routing_max_age_seconds,
            deadline_seconds=settings.routing_deadline_seconds,
            stale_seconds=settings.routing_stale_seconds,
        ),
        fetch_states=functools.partial(
            fetch_states, dynamodb, settings.feature_table, settings.lookup_deadline_seconds
        ),
        decode_states=decode_states,
        records=records,
    )


def _converse(
    predictor: Predictor, conversations: Conversations, request: PredictionRequest, started: float
) -> Predictions:
    """Answer turns of conversations, which go on from where they were."""
    recalled = conversations.recall(request)
    predictions = predictor.predict(
        recalled.request, started, looked_up_seconds=recalled.seconds, missing=recalled.missing
    )
    conversations.keep(
        recalled,
        [None if isinstance(row, RowProblems) else row["output"] for row in predictions.rows],
    )
    return predictions


def _refuse_if_none(predictions: Predictions) -> None:
    """Raise the problems of all rows at once, if no row could be answered."""
    refused = [row for row in predictions.rows if isinstance(row, RowProblems)]
    if len(refused) == len(predictions.rows):
        raise RequestValidationError([problem for row in refused for problem in row.problems])


def _single(predictions: Predictions) -> dict[str, Any]:
    return {**row_answer(predictions.rows[0]), **_degraded(predictions)}


def _batch(predictions: Predictions) -> dict[str, Any]:
    """Return an entry for each row in its order, and how many of them are refusals."""
    rows = predictions.rows
    return {
        "predictions": [row_answer(row) for row in rows],
        "n_failed": sum(isinstance(row, RowProblems) for row in rows),
        **_degraded(predictions),
    }


def _degraded(predictions: Predictions) -> dict[str, list[str]]:
    return {"degraded": predictions.degraded} if predictions.degraded else {}


def _server_timing(predictions: Predictions, started: float) -> str:
    """Return milliseconds of computing and, apart from it, of waiting for the network."""
    waited = predictions.lookup_seconds + predictions.routing_seconds
    compute = time.perf_counter() - started - waited
    return (
        f"compute;dur={compute * 1e3:.3f}, lookup;dur={predictions.lookup_seconds * 1e3:.3f}, "
        f"routing;dur={predictions.routing_seconds * 1e3:.3f}"
    )


def _unknown(what: str) -> str:
    models = ", ".join(model.name for model in MODELS)
    return f"{what} Models: {models}. Routes: POST predict, POST batch_predict, GET health."
