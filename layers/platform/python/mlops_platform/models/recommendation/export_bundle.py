"""From a chosen form to a bundle that is proved to answer alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.special import softmax

from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.recommendation.catalogue import Customer
from mlops_platform.models.recommendation.dataset import Choices, RecommendationDataset
from mlops_platform.models.recommendation.export import to_onnx
from mlops_platform.models.recommendation.inference import (
    CATALOGUE,
    FEATURE_VERSION,
    RecommendationInference,
)
from mlops_platform.models.recommendation.linear_form import Floats, LinearForm
from mlops_platform.models.recommendation.model_choice import ModelChoice
from mlops_platform.models.recommendation.monitored import NAMES
from mlops_platform.models.recommendation.signature import (
    COLUMNS,
    MAX_LIST_LENGTH,
    REQUEST,
    RESPONSE,
)
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import stateless_examples, write_drafted_bundle
from mlops_platform.training.reference_window import reference_window
from mlops_platform.training.splits import TimeSplit

N_EXAMPLES: Final = 10
SCORE_NAME: Final = "confidence"
# Every list is an answer.
NO_THRESHOLD: Final = 0.0


def draft_inference(
    choice: ModelChoice, dataset: RecommendationDataset, *, as_of: int, lineage: Mapping[str, Any]
) -> RecommendationInference:
    """Return the chosen form as it will answer.

    Parameters
    ----------
    choice
        The chosen form.
    dataset
        Whose catalogue it was fitted on.
    as_of
        Epoch second before which data counted.
    lineage
        The manifest's own.
    """
    manifest = Manifest(
        model_name="recommendation",
        algorithm=choice.algorithm,
        as_of=format_instant(as_of),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=NAMES,
        threshold=NO_THRESHOLD,
        parity={},
        lineage=lineage,
        files={},
    )
    contents = {
        MODEL: to_onnx(choice.form, MAX_LIST_LENGTH, len(COLUMNS)),
        CATALOGUE: dataset.catalogue.to_bytes(choice.form.recency),
    }
    return RecommendationInference.from_bundle(Bundle(manifest, contents))


def write_recommendation_bundle(
    folder: Path,
    inference: RecommendationInference,
    form: LinearForm,
    *,
    dataset: RecommendationDataset,
    split: TimeSplit,
    test: Choices,
) -> dict[str, float]:
    """Write the bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Parameters
    ----------
    folder
        Where to.
    inference
        What `draft_inference` returned.
    form
        What it was exported from.
    dataset, split, test
        What reference days, golden examples and parity are made of.

    Raises
    ------
    ParityError
        The graph differs from its source by more than the tolerance.
    """
    customers = dataset.customers(test.row)
    longest = max(customers, key=lambda each: len(each.owned))
    return write_drafted_bundle(
        folder,
        inference,
        golden=stateless_examples(inference, _golden_requests(dataset)),
        reference=_learn_reference(dataset, inference, split),
        max_abs_diff=check_parity(*_probabilities(inference, form, customers, test)),
        n_parity_rows=len(test),
        timed={"owned": list(longest.owned)},
    )


def _probabilities(
    inference: RecommendationInference,
    form: LinearForm,
    customers: list[Customer],
    test: Choices,
) -> tuple[Floats, Floats]:
    """Return what source and graph say of the test rows: each place, and the items there."""
    ranking = inference.rank(inference.prepare_customers(customers))
    scores = form.scores(test.places, test.columns)
    scores[test.places.nonzero()] = -np.inf
    probability = softmax(scores, axis=1)
    n_places = ranking.items.shape[1]
    best = -np.sort(-probability, axis=1)[:, :n_places]
    offered = np.take_along_axis(probability, ranking.items, axis=1)
    return np.hstack([best, offered]), np.tile(ranking.probabilities, 2)


def _golden_requests(dataset: RecommendationDataset) -> list[dict[str, Any]]:
    """Return the last take-ups as requests, and ones of strangers."""
    last = np.arange(max(len(dataset) - N_EXAMPLES, 0), len(dataset))
    requests: list[dict[str, Any]] = [{}, {"owned": ["an unknown product"], "n": 3}]
    for row, customer in zip(last, dataset.customers(last), strict=True):
        requests.append(
            {
                "user_id": dataset.user_ids[dataset.user[row]],
                "owned": list(customer.owned),
                "timestamp": format_instant(int(dataset.timestamp[row])),
                **{name: value for name, value in customer.columns.items() if value},
            }
        )
    return requests


def _learn_reference(
    dataset: RecommendationDataset, inference: RecommendationInference, split: TimeSplit
) -> ReferenceProfile:
    """Count the take-ups of the reference window, as if somebody had asked right before each."""
    rows = np.flatnonzero(reference_window(dataset.timestamp, split))
    inputs = inference.prepare_customers(dataset.customers(rows))
    confidence = [answer[SCORE_NAME] for answer in inference.answer(inputs)]
    return ReferenceProfile.learn(
        NAMES,
        inputs.monitored,
        np.array(confidence, dtype=np.float32),
        dataset.timestamp[rows] // DAY_SECONDS,
        score_name=SCORE_NAME,
    )
