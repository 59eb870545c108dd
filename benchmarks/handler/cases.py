"""What the handler is measured with: each model's own bundle, and a model of thirty numbers."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.handler.large_catalogue import write_large_bundle
from benchmarks.handler.requests import (
    Request,
    customers,
    fraud_requests,
    golden_requests,
    turn,
)
from benchmarks.serving.tabular import training as tabular_training
from benchmarks.serving.tabular.inference import TabularInference
from benchmarks.serving.tabular.signature import FEATURE_NAMES, MODEL_NAME
from mlops_platform.serving.inference import Inference, load_inference

# Thirty numbers and no states: what other servers are compared with, so of the handler itself.
TABULAR = MODEL_NAME


class Case(NamedTuple):
    """One measurement.

    Parameters
    ----------
    name
        What it is called in the results.
    model_name, inference
        The model and its loaded bundle.
    requests
        What is asked, over and over.
    states
        Packed states by entity: the feature table's answers.
    """

    name: str
    model_name: str
    inference: Inference
    requests: Sequence[Request]
    states: Mapping[str, bytes]


def tabular_case(scratch: Path, seed: int) -> Case:
    """Return the model of thirty numbers, trained below `scratch`."""
    folder = scratch / TABULAR
    folder.mkdir()
    model = tabular_training.train(folder, seed)
    requests = [dict(zip(FEATURE_NAMES, row, strict=True)) for row in model.rows.tolist()]
    return Case(TABULAR, TABULAR, TabularInference.from_folder(model.bundle), requests, {})


def cases_of(
    model: str, job: Path, scratch: Path, *, n_requests: int, n_items: int, seed: int
) -> Iterator[Case]:
    """Yield what is measured of one of the platform's models.

    Parameters
    ----------
    model, job
        Its name, and the folder of its training job.
    scratch
        Where further bundles may be written.
    n_requests
        How many different requests there shall be, where they are drawn.
    n_items
        Size of recommendation's second catalogue.
    seed
        Decides what is drawn.
    """
    bundle = job / "model/bundle"
    inference = load_inference(model, bundle)
    match model:
        case "fraud_detection":
            yield Case(model, model, inference, *fraud_requests(job, n_requests, seed))
        case "recommendation":
            yield Case(model, model, inference, golden_requests(bundle), {})
            large = scratch / "large"
            write_large_bundle(large, bundle, n_items)
            asked = customers(n_items, n_requests, seed)
            name = f"{model}, {n_items:,} items"
            yield Case(name, model, load_inference(model, large), asked, {})
        case "selfmate":
            yield Case(f"{model}, 32 tokens", model, inference, [turn(bundle)], {})
        case _:
            yield Case(model, model, inference, golden_requests(bundle), {})
