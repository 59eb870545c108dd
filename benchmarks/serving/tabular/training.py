"""Train the model and write it down: as XGBoost's own JSON, as ONNX and as a bundle."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.tabular.inference import TabularInference
from benchmarks.serving.tabular.signature import (
    FEATURE_NAMES,
    FEATURE_VERSION,
    MODEL_NAME,
    REQUEST,
    RESPONSE,
)
from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import OnnxClassifier
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.fraud_detection.estimator import FraudClassifier
from mlops_platform.models.fraud_detection.export import to_onnx
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import stateless_examples, write_drafted_bundle

_N_TRAINING_ROWS: Final = 20_000
_N_ASKED_ROWS: Final = 256
_N_GOLDEN: Final = 8
_N_REFERENCE_DAYS: Final = 5
# Values that a caller would write: no float's last digits.
_DECIMALS: Final = 4
_HYPERPARAMETERS: Final = {"n_estimators": 200, "max_depth": 6, "learning_rate": 0.1}
_AS_OF: Final = 20_500 * DAY_SECONDS


def train(folder: Path, seed: int) -> ModelFiles:
    """Train on synthetic rows and write all forms into an existing folder.

    Parameters
    ----------
    folder
        Where to.
    seed
        Decides on the rows and the fit.

    Raises
    ------
    ParityError
        The ONNX graph does not answer as XGBoost does.
    """
    draw = np.random.default_rng(seed)
    rows = _rows(draw, _N_TRAINING_ROWS)
    classifier = FraudClassifier("xgboost", _HYPERPARAMETERS, seed).fit(
        rows.astype(np.float32), _labels(draw, rows)
    )
    asked = _rows(draw, _N_ASKED_ROWS)
    expected = classifier.predict_proba(asked.astype(np.float32))
    files = ModelFiles(
        booster=folder / "model.json",
        graph=folder / MODEL,
        bundle=folder / "bundle",
        rows=asked,
        expected=expected,
    )
    classifier.model_.get_booster().save_model(files.booster)
    graph = to_onnx(classifier, len(FEATURE_NAMES))
    files.graph.write_bytes(graph)
    _write_bundle(files, graph, seed)
    return files


def _rows(draw: np.random.Generator, n: int) -> NDArray[np.float64]:
    return draw.normal(size=(n, len(FEATURE_NAMES))).round(_DECIMALS)


def _labels(draw: np.random.Generator, rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return labels that depend on a third of the columns, two of them together, and on chance."""
    margin = rows[:, :9].sum(axis=1) / 3 + rows[:, 9] * rows[:, 10] - 1.5
    labels: NDArray[np.int64] = (draw.logistic(size=len(rows)) < margin).astype(np.int64)
    return labels


def _write_bundle(files: ModelFiles, graph: bytes, seed: int) -> None:
    numbers = files.rows.astype(np.float32)
    classifier = OnnxClassifier.from_bytes(graph)
    manifest = Manifest(
        model_name=MODEL_NAME,
        algorithm="xgboost",
        as_of=format_instant(_AS_OF),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=FEATURE_NAMES,
        threshold=0.5,
        parity={},
        lineage={"hyperparameters": _HYPERPARAMETERS, "random_state": seed},
        files={},
    )
    draft = TabularInference.from_bundle(Bundle(manifest, {MODEL: graph}))
    requests = [dict(zip(FEATURE_NAMES, row, strict=True)) for row in files.rows.tolist()]
    write_drafted_bundle(
        files.bundle,
        draft,
        golden=stateless_examples(draft, requests[:_N_GOLDEN]),
        reference=ReferenceProfile.learn(
            FEATURE_NAMES,
            numbers,
            files.expected,
            _AS_OF // DAY_SECONDS - 1 - np.arange(len(numbers)) % _N_REFERENCE_DAYS,
            score_name=RESPONSE[0].name,
        ),
        max_abs_diff=check_parity(files.expected, classifier.predict_proba(numbers)),
        n_parity_rows=len(numbers),
        timed=requests[0],
    )
