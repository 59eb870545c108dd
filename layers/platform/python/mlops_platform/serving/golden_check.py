"""A bundle must answer its golden examples as it did when it was made."""

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any

from mlops_platform.config.limits import PARITY_TOLERANCE
from mlops_platform.errors import GoldenExampleError
from mlops_platform.serving.inference import Inference, States


def replay_golden_examples(
    inference: Inference, decode_states: Callable[[Mapping[str, bytes]], States]
) -> dict[str, Any]:
    """Ask a loaded bundle its own golden examples, each with the states that it met.

    Nothing of it is a prediction: no state is looked up, and nothing is recorded.

    Returns
    -------
    dict
        ``n_examples`` and ``max_difference``, the largest between a number and the expected one.

    Raises
    ------
    GoldenExampleError
        The bundle holds no examples, or a difference is above `PARITY_TOLERANCE`.
    RequestValidationError
        An example does not fit the bundle's own signature.
    """
    examples = inference.golden_examples()
    if not examples:
        raise GoldenExampleError(
            "The bundle holds no golden examples, so nothing tells whether it answers right here. "
            "Train the model again."
        )
    differences = []
    for number, example in enumerate(examples, start=1):
        inference.validate(example["request"])
        packed = {name: base64.b64decode(state) for name, state in example["states"].items()}
        (answer,) = inference.predict_batch([example["request"]], decode_states(packed))
        difference = _difference(example["expected"], answer)
        if difference > PARITY_TOLERANCE:
            raise GoldenExampleError(
                f"Golden example {number} of {len(examples)} is answered with {answer} instead of "
                f"{example['expected']}. Do not release the bundle: compare the function's layers "
                "with what the training image has."
            )
        differences.append(difference)
    return {"n_examples": len(examples), "max_difference": max(differences)}


def _difference(expected: Any, answer: Any) -> float:
    """Return the largest difference of numbers; infinity where anything else differs."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        if expected.keys() != answer.keys():
            return math.inf
        return max((_difference(expected[key], answer[key]) for key in expected), default=0.0)
    if isinstance(expected, list) and isinstance(answer, list):
        if len(expected) != len(answer):
            return math.inf
        pairs = zip(expected, answer, strict=True)
        return max((_difference(one, other) for one, other in pairs), default=0.0)
    if _is_number(expected) and _is_number(answer):
        difference = abs(float(expected) - float(answer))
        # `max` would let a NaN through that is not its first argument.
        return math.inf if math.isnan(difference) else difference
    return 0.0 if expected == answer else math.inf


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
