"""Rows in, predictions out: choose the version, look states up, compute, record."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import RequestValidationError
from mlops_platform.observability.logging import logger
from mlops_platform.serving.deployment import Deployment, DeploymentCache
from mlops_platform.serving.inference import Features, Inference, States, occurrence
from mlops_platform.serving.prediction_id import prediction_id, time_ordered_uuid
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.prediction_request import NOT_FEATURES, PredictionRequest
from mlops_platform.serving.variant_choice import choose_variant

FEATURE_LOOKUP = "feature_lookup"


class Row(NamedTuple):
    """One row with its name, the version that answers it, and that version's code."""

    prediction_id: str
    model_version: str
    features: Features
    inference: Inference


class Computed(NamedTuple):
    """What is monitored of one row, which happened at an epoch second, and the model's answer."""

    inputs: NDArray[np.float32]
    occurred_at: int
    output: dict[str, Any]


@dataclass(frozen=True)
class RowProblems:
    """Why one row got no prediction: ``{"field", "message"}`` for each problem."""

    problems: list[dict[str, str]]


class Predictions(NamedTuple):
    """The answer to one request.

    Parameters
    ----------
    rows
        One for each row of the request, in its order: as `RecordWriter.write` takes it, or as the
        problems for which it was refused.
    degraded
        What the answers had to do without.
    lookup_seconds, routing_seconds
        Time spent in the network, which is not the computation's.
    """

    rows: list[dict[str, Any] | RowProblems]
    degraded: list[str]
    lookup_seconds: float
    routing_seconds: float


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """One model in service.

    Parameters
    ----------
    model_name
        The model's name.
    deployments
        What serves right now.
    fetch_states
        Reads the stored states of entities; unknown ones are absent from its answer.
    decode_states
        Makes of them what the model's code reads.
    records
        Where predictions are written down; None where nobody counts them.
    """

    model_name: str
    deployments: DeploymentCache
    fetch_states: Callable[[Sequence[str]], Mapping[str, bytes]]
    decode_states: Callable[[Mapping[str, bytes]], States]
    records: RecordWriter | None

    def predict(
        self,
        request: PredictionRequest,
        started: float,
        *,
        looked_up_seconds: float = 0.0,
        missing: Sequence[str] = (),
    ) -> Predictions:
        """Answer every row that can be answered; a wrong one does not sink the others.

        Parameters
        ----------
        request
            The rows.
        started
            `time.perf_counter` when the request came in.
        looked_up_seconds, missing
            What its caller has spent in the network since then, and what it did not find there.

        Raises
        ------
        ModelVersionNotFoundError, ModelNotDeployedError, RoutingUnavailableError
            There is nothing that could answer.
        """
        asked = time.perf_counter()
        deployment = self.deployments.current()
        routing_seconds = time.perf_counter() - asked
        taken = [self._take(request, index, deployment) for index in range(len(request.instances))]
        rows = [each for each in taken if isinstance(each, Row)]
        states, lookup_seconds, degraded = self._look_up(rows)
        lookup_seconds += looked_up_seconds
        degraded = [*missing, *degraded]
        computed = _compute(rows, states)
        answered = [self._describe(row, c) for row, c in zip(rows, computed, strict=True)]
        spent = time.perf_counter() - started - lookup_seconds - routing_seconds
        if self.records is not None:
            self.records.write(
                [_recorded(row, each) for row, each in zip(rows, answered, strict=True)],
                degraded=degraded,
                compute_ms=spent * 1e3,
                lookup_ms=lookup_seconds * 1e3,
            )
        described = iter(answered)
        return Predictions(
            rows=[each if isinstance(each, RowProblems) else next(described) for each in taken],
            degraded=degraded,
            lookup_seconds=lookup_seconds,
            routing_seconds=routing_seconds,
        )

    def _take(
        self, request: PredictionRequest, index: int, deployment: Deployment
    ) -> Row | RowProblems:
        """Choose a row's version and have it look at the row, each problem with its place."""
        features = request.instances[index]
        if not isinstance(features, dict):
            return RowProblems([{"field": request.field(index), "message": NOT_FEATURES}])
        row = self._assign(features, request.model_version, deployment)
        try:
            row.inference.validate(features)
        except RequestValidationError as error:
            return RowProblems(
                [
                    {**problem, "field": request.field(index, problem["field"])}
                    for problem in error.problems
                ]
            )
        return row

    def _assign(self, features: Features, model_version: str, deployment: Deployment) -> Row:
        """Choose a row's version: its user's own, or one by chance where no user is named."""
        uuid = time_ordered_uuid()
        user_id = features.get("user_id")
        key = uuid if user_id is None else str(user_id)
        variant = choose_variant(deployment.routing, model_version, key)
        return Row(
            prediction_id=prediction_id(uuid, self.model_name, variant.semantic_version),
            model_version=variant.semantic_version,
            features=features,
            inference=deployment.inference(variant),
        )

    def _look_up(self, rows: Sequence[Row]) -> tuple[States, float, list[str]]:
        """Return the rows' states, the seconds that the network took, and what is missing."""
        entities = {name for row in rows for name in row.inference.required_entities(row.features)}
        if not entities:
            return {}, 0.0, []
        asked = time.perf_counter()
        answered = None
        try:
            stored = self.fetch_states(sorted(entities))
            answered = time.perf_counter()
            states, degraded = self.decode_states(stored), []
        except Exception:  # noqa: BLE001 - whatever the network does
            # An answer that knows less is worth more to its caller than none.
            logger.warning("predicting without looked-up features", exc_info=True)
            states, degraded = {}, [FEATURE_LOOKUP]
        return states, (answered or time.perf_counter()) - asked, degraded

    def _describe(self, row: Row, computed: Computed) -> dict[str, Any]:
        return {
            "prediction_id": row.prediction_id,
            "model_name": self.model_name,
            "model_version": row.model_version,
            "bundle_sha256": row.inference.bundle_sha256,
            "occurred_at": datetime.fromtimestamp(computed.occurred_at, UTC),
            "features": row.features,
            "inputs": computed.inputs,
            "output": computed.output,
        }


def _recorded(row: Row, answered: dict[str, Any]) -> dict[str, Any]:
    features, output = row.inference.recorded(row.features, answered["output"])
    return {**answered, "features": features, "output": output}


def _compute(rows: Sequence[Row], states: States) -> list[Computed]:
    """Run each version once over its rows; return what came of them in the rows' order."""
    now = int(time.time())
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(id(row.inference), []).append(place)
    computed: dict[int, Computed] = {}
    for mine in places.values():
        inference = rows[mine[0]].inference
        features = [rows[place].features for place in mine]
        times = [occurrence(row, now) for row in features]
        inputs = inference.prepare(features, states, times)
        outputs = inference.answer(inputs)
        computed.update(zip(mine, map(Computed, inputs.monitored, times, outputs), strict=True))
    return [computed[place] for place in range(len(rows))]
