"""Where a handler's time goes: each stage's own time, without what it calls of other stages."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from unittest.mock import patch

import onnxruntime

from mlops_platform.models.fraud_detection.explanation import Explainer
from mlops_platform.serving import predict_service
from mlops_platform.serving.inference import Inference
from mlops_platform.serving.prediction_record import RecordWriter
from mlops_platform.serving.predictor import Predictor

REST = "rest"


class StageClock:
    """Adds up the time of wrapped calls by stage.

    Attributes
    ----------
    seconds : dict
        By stage, since it was last emptied.

    Examples
    --------
    >>> clock = StageClock()
    >>> clock.timed("doubling", lambda x: 2 * x)(3)
    6
    >>> list(clock.seconds)
    ['doubling']
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        # What the stages that are open right now have spent in inner ones.
        self._inner: list[float] = []

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call`, timed."""

        def timing(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                spent = time.perf_counter() - started
                self.seconds[stage] += spent - self._inner.pop()
                if self._inner:
                    self._inner[-1] += spent

        return timing

    @contextlib.contextmanager
    def watching(self, module: ModuleType, inference: Inference) -> Iterator[None]:
        """Time the stages of a predict function's module, whose one bundle is `inference`."""
        code = type(inference)
        places: list[tuple[Any, str, str]] = [
            (module, "read_request", "parse"),
            (predict_service, "parse_predict", "parse"),
            (code, "validate", "validate"),
            (Predictor, "_look_up", "states"),
            (code, "prepare", "prepare"),
            (onnxruntime.InferenceSession, "run", "onnx_runtime"),
            (Explainer, "explain", "explanation"),
            (RecordWriter, "write", "record"),
            (predict_service, "json_answer", "answer"),
        ]
        with contextlib.ExitStack() as patches:
            for owner, name, stage in places:
                timed = self.timed(stage, getattr(owner, name))
                patches.enter_context(patch.object(owner, name, timed))
            yield
