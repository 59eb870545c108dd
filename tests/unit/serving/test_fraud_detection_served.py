"""Fraud detection's own code behind the HTTP function: the seam between models and serving."""

import base64
import dataclasses
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from onnx import TensorProto, helper

from mlops_platform.bundle.manifest import Manifest
from mlops_platform.bundle.writer import write_bundle
from mlops_platform.errors import RequestValidationError
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES, FEATURE_VERSION
from mlops_platform.models.fraud_detection.signature import REQUEST, RESPONSE
from mlops_platform.serving.feature_store import FeatureStore
from mlops_platform.serving.feature_table import FeatureTable
from mlops_platform.serving.feature_updates import FeatureUpdates
from mlops_platform.serving.http import read_request
from mlops_platform.serving.predict_service import PredictService
from tests.unit.serving.small_cloud import (
    BUCKET,
    FEATURE_TABLE,
    NOON,
    ROUTING_TABLE,
    SETTINGS,
    SmallCloud,
    http_event,
)

MODEL = "fraud_detection"
AN_HOUR_LATER = "2026-03-02T13:00:00Z"
N_KNOWN = "user_n_all"
Ask = Callable[..., dict[str, Any]]


def graph_of(column: str) -> bytes:
    """Return a graph whose fraud probability is one of the features, as it is."""
    index = FEATURE_NAMES.index(column)
    nodes = [
        helper.make_node("Gather", ["rows", "index"], ["positive"], axis=1),
        helper.make_node("Sub", ["one", "positive"], ["negative"]),
        helper.make_node("Concat", ["negative", "positive"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        MODEL,
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, len(FEATURE_NAMES)])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 2])],
        [
            helper.make_tensor("index", TensorProto.INT64, [1], [index]),
            helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0]),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    content: bytes = helper.make_model(
        graph, opset_imports=opset, ir_version=10
    ).SerializeToString()
    return content


def describe(files: Any) -> Manifest:
    return Manifest(
        model_name=MODEL,
        algorithm="one_feature",
        as_of="2026-03-01T00:00:00Z",
        request=REQUEST,
        response=RESPONSE,
        feature_version=FEATURE_VERSION,
        feature_names=FEATURE_NAMES,
        threshold=2.5,
        parity={},
        lineage={},
        files=files,
    )


@pytest.fixture
def service(cloud: SmallCloud, tmp_path: Path) -> PredictService:
    """Serve a bundle that answers with how many transactions of the user it knows."""
    folder = tmp_path / "bundle"
    write_bundle(
        folder, model=graph_of(N_KNOWN), golden=[], reference_profile=b"", describe=describe
    )
    for path in folder.iterdir():
        cloud.s3.put_object(Bucket=BUCKET, Key=f"fraud/{path.name}", Body=path.read_bytes())
    variant = {
        "version": "1",
        "semantic_version": "1.0.0",
        "bundle_uri": f"s3://{BUCKET}/fraud/",
        "weight": 1.0,
    }
    cloud.dynamodb.put_item(
        TableName=ROUTING_TABLE,
        Item={
            "model_name": {"S": MODEL},
            "revision": {"N": "1"},
            "variants": {"S": json.dumps([variant])},
        },
    )
    return PredictService.from_settings(dataclasses.replace(SETTINGS, model_name=MODEL))


@pytest.fixture
def ask(service: PredictService) -> Ask:
    def predict(**features: Any) -> dict[str, Any]:
        event = http_event("predict", json.dumps({"features": features}), model=MODEL)
        answer = service.answer(read_request(event))
        content: dict[str, Any] = json.loads(answer["body"])
        return content

    return predict


def delivered(lines: Sequence[str]) -> dict[str, Any]:
    """Return recorded lines as CloudWatch Logs delivers them."""
    payload = {"messageType": "DATA_MESSAGE", "logEvents": [{"message": line} for line in lines]}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(payload).encode()))}}


def test_what_was_served_is_known_to_the_next_prediction_once_however_often_it_is_delivered(
    cloud: SmallCloud, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = {"amount": 12.5, "user_id": "u", "merchant_id": "m"}
    for number in range(3):
        ask(**payment, timestamp=NOON, transaction_id=f"t{number}")
    event = delivered(capsys.readouterr().out.splitlines())
    table = FeatureTable(dynamodb=cloud.dynamodb, name=FEATURE_TABLE)
    updates = FeatureUpdates(store=FeatureStore(table=table))

    counts = [updates.apply(event)["applied"] for _ in range(2)]

    assert counts == [3, 0]
    assert ask(**payment, timestamp=AN_HOUR_LATER)["prediction"] == {
        "fraud_probability": 3.0,
        "is_fraud": True,
        "threshold": 2.5,
    }


def test_a_request_as_plain_as_the_documentations_is_answered(ask: Ask) -> None:
    answer = ask(amount=100.0, merchant="grocery_store")

    assert answer["prediction"]["is_fraud"] is False


@pytest.mark.parametrize(
    ("features", "field"),
    [
        ({}, "features.amount"),
        ({"amount": None}, "features.amount"),
        ({"amount": "12"}, "features.amount"),
        ({"amount": True}, "features.amount"),
        ({"amount": -1}, "features.amount"),
        ({"amount": 1, "colour": "red"}, "features.colour"),
        ({"amount": 1, "timestamp": "yesterday"}, "features.timestamp"),
        ({"amount": 1, "user_id": ["u"]}, "features.user_id"),
        ({"amount": 1, "merchant": "a", "merchant_id": "a"}, "features.merchant"),
    ],
)
def test_features_that_do_not_fit_are_named(ask: Ask, features: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestValidationError) as caught:
        ask(**features)

    assert [problem["field"] for problem in caught.value.problems] == [field]
