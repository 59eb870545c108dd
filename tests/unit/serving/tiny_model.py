"""A model just large enough to be served: twice the amount, plus what the user did before.

Its inputs are the amount, how many transactions of the user are known, and the second of the day.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from mlops_platform.errors import BundleIntegrityError, RequestValidationError
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.identity import entity_name
from mlops_platform.serving.inference import ModelInputs

NAME = "tiny"


def bundle_files(factor: float, golden: Sequence[Mapping[str, Any]] = ()) -> dict[str, bytes]:
    """Return a bundle whose graph multiplies by `factor`, with its golden examples."""
    column = [None, 1]
    graph = helper.make_graph(
        [helper.make_node("Mul", ["amount", "factor"], ["score"])],
        NAME,
        [helper.make_tensor_value_info("amount", TensorProto.FLOAT, column)],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, column)],
        [helper.make_tensor("factor", TensorProto.FLOAT, [1], [factor])],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=10)
    content = onnx.ModelProto.SerializeToString(model)
    manifest = {"files": {"model.onnx": hashlib.sha256(content).hexdigest()}}
    return {
        "model.onnx": content,
        "manifest.json": json.dumps(manifest).encode(),
        "golden.json": json.dumps(list(golden)).encode(),
    }


class TinyInference:
    """Answers with ``score`` and with how many transactions of the user were known."""

    def __init__(self, content: bytes, golden: Sequence[Mapping[str, Any]] = ()) -> None:
        self.bundle_sha256 = hashlib.sha256(content).hexdigest()
        self._golden = golden
        self._session = onnxruntime.InferenceSession(content)

    def golden_examples(self) -> Sequence[Mapping[str, Any]]:
        return self._golden

    def validate(self, features: Mapping[str, Any]) -> None:
        allowed = ("amount", "user_id", "merchant_id", "transaction_id", "timestamp")
        problems = [
            {"field": name, "message": "is unknown; leave it out."}
            for name in features
            if name not in allowed
        ]
        if not isinstance(features.get("amount"), int | float):
            problems.append({"field": "amount", "message": "must be a number."})
        if problems:
            raise RequestValidationError(problems)

    def required_entities(self, features: Mapping[str, Any]) -> list[str]:
        if "user_id" not in features:
            return []
        return [entity_name(EntityKind.USER, features["user_id"])]

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: Mapping[str, Any],
        occurred_at: Sequence[int],
    ) -> ModelInputs:
        monitored = np.array(
            [
                [row["amount"], self._n_known(row, states), moment % 86_400]
                for row, moment in zip(rows, occurred_at, strict=True)
            ],
            dtype=np.float32,
        )
        return ModelInputs(monitored=monitored, feeds={"amount": monitored[:, :1].copy()})

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        (scores,) = self._session.run(None, inputs.feeds)
        return [
            {"score": float(score), "n_known": int(n_known)}
            for score, n_known in zip(np.asarray(scores)[:, 0], inputs.monitored[:, 1], strict=True)
        ]

    def recorded(
        self, features: Mapping[str, Any], output: dict[str, Any]
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        return features, output

    def predict_batch(
        self, rows: Sequence[Mapping[str, Any]], states: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        return self.answer(self.prepare(rows, states, [0] * len(rows)))

    def _n_known(self, row: Mapping[str, Any], states: Mapping[str, Any]) -> int:
        return sum(states[e].total.n for e in self.required_entities(row) if e in states)


def load_inference(folder: Path) -> TinyInference:
    content = (folder / "model.onnx").read_bytes()
    manifest = json.loads((folder / "manifest.json").read_text())
    if hashlib.sha256(content).hexdigest() != manifest["files"]["model.onnx"]:
        raise BundleIntegrityError("model.onnx is not the file that the manifest names.")
    return TinyInference(content, json.loads((folder / "golden.json").read_text()))
