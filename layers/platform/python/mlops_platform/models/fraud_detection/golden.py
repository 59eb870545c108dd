"""Golden examples: requests with the states they meet and the answers that a bundle must give."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.features.identity import entity_name
from mlops_platform.features.packing import from_bytes
from mlops_platform.models.fraud_detection.dataset import FraudDataset
from mlops_platform.models.fraud_detection.inference import FraudInference

N_EXAMPLES: Final = 10


def golden_examples(
    dataset: FraudDataset, states: Mapping[str, bytes], as_of: int, inference: FraudInference
) -> list[dict[str, Any]]:
    """Return the last transactions, moved to the day after the states end, and their answers.

    The first example names nobody: it must be answered too.

    Parameters
    ----------
    dataset, states, as_of
        Transactions, and every entity's packed state as of an epoch second.
    inference
        What answers.
    """
    requests: list[dict[str, Any]] = [{"amount": 100.0, "timestamp": format_instant(as_of)}]
    requests += [
        {
            "amount": float(dataset.amount_minor[row]) / 100.0,
            "user_id": str(dataset.user_names[dataset.user[row]]),
            "merchant_id": str(dataset.merchant_names[dataset.merchant[row]]),
            "timestamp": format_instant(as_of + int(dataset.timestamp[row]) % DAY_SECONDS),
        }
        for row in range(len(dataset) - N_EXAMPLES, len(dataset))
    ]
    return [_example(request, states, inference) for request in requests]


def _example(
    request: dict[str, Any], states: Mapping[str, bytes], inference: FraudInference
) -> dict[str, Any]:
    names = [
        entity_name(kind, request[field])
        for kind, field in ((EntityKind.USER, "user_id"), (EntityKind.MERCHANT, "merchant_id"))
        if field in request
    ]
    met = {name: states[name] for name in names if name in states}
    (answer,) = inference.predict_batch([request], {n: from_bytes(s) for n, s in met.items()})
    encoded = {name: base64.b64encode(state).decode() for name, state in met.items()}
    return {"request": request, "states": encoded, "expected": answer}
