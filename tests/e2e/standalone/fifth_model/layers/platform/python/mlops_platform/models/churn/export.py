"""From a fitted classifier to a bundle that is proved to answer alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import skl2onnx
from numpy.typing import NDArray
from skl2onnx.common.data_types import FloatTensorType

from mlops_platform.bundle.manifest import MODEL, Manifest
from mlops_platform.bundle.parity import check_parity
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.session import ROWS
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.models.churn.dataset import COUNTS, ChurnDataset
from mlops_platform.models.churn.estimator import ChurnClassifier
from mlops_platform.models.churn.features import FEATURE_NAMES, FEATURE_VERSION
from mlops_platform.models.churn.inference import ChurnInference
from mlops_platform.models.churn.signature import REQUEST, RESPONSE
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.bundle_export import stateless_examples, write_drafted_bundle
from mlops_platform.training.reference_window import reference_window
from mlops_platform.training.splits import TimeSplit

OPSET: Final = 15
N_EXAMPLES: Final = 10
THRESHOLD: Final = 0.5


def to_onnx(classifier: ChurnClassifier) -> bytes:
    """Return a fitted classifier as a serialised graph over float32 rows."""
    graph = skl2onnx.to_onnx(
        classifier.model_,
        name="churn",
        initial_types=[(ROWS, FloatTensorType([None, len(FEATURE_NAMES)]))],
        options={"zipmap": False},
        target_opset=OPSET,
    )
    serialised: bytes = graph.SerializeToString()
    return serialised


def draft_inference(
    classifier: ChurnClassifier, as_of: int, lineage: Mapping[str, Any]
) -> ChurnInference:
    """Return a classifier as it will answer; `as_of` in epoch seconds."""
    manifest = Manifest(
        model_name="churn",
        algorithm="logistic_regression",
        as_of=format_instant(as_of),
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=FEATURE_NAMES,
        threshold=THRESHOLD,
        parity={},
        lineage=lineage,
        files={},
    )
    return ChurnInference.from_bundle(Bundle(manifest, {MODEL: to_onnx(classifier)}))


def write_churn_bundle(
    folder: Path,
    draft: ChurnInference,
    classifier: ChurnClassifier,
    *,
    dataset: ChurnDataset,
    split: TimeSplit,
) -> dict[str, float]:
    """Write the bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Raises
    ------
    ParityError
        The graph differs from its source by more than the tolerance.
    """
    rows = dataset.features
    score = draft.classifier.predict_proba(rows)
    chosen = reference_window(dataset.timestamp, split)
    requests = [_request(each) for each in dataset.counts[-N_EXAMPLES:]]
    return write_drafted_bundle(
        folder,
        draft,
        golden=stateless_examples(draft, requests),
        reference=ReferenceProfile.learn(
            FEATURE_NAMES,
            rows[chosen],
            score[chosen],
            dataset.timestamp[chosen] // DAY_SECONDS,
            score_name="churn_probability",
        ),
        max_abs_diff=check_parity(classifier.predict_proba(rows), score),
        n_parity_rows=len(rows),
        timed=requests[-1],
    )


def _request(counts: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(COUNTS, counts.tolist(), strict=True))
