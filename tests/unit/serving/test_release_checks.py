"""What the release workflow asks the predict function, and what no HTTP request can."""

import base64
import hashlib
import json
from types import ModuleType
from typing import Any

import pytest

from mlops_platform.errors import (
    BundleIntegrityError,
    GoldenExampleError,
    RequestValidationError,
    RoutingNotInEffectError,
)
from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import parse_instant
from mlops_platform.features.packing import to_bytes
from mlops_platform.features.state import EntityState
from mlops_platform.serving.predict_service import PredictService
from tests.unit.functions.handlers import load_handler
from tests.unit.serving.conftest import Send
from tests.unit.serving.small_cloud import NOON, SmallCloud, http_event
from tests.unit.serving.tiny_model import bundle_files


def state_of(n_transactions: int) -> str:
    state = EntityState(EntityKind.USER)
    for number in range(n_transactions):
        state.fold(parse_instant(NOON), 1_000, number)
    return base64.b64encode(to_bytes(state)).decode()


def example(score: float, n_known: int = 2, **request: Any) -> dict[str, Any]:
    """Return an example of the bundle that doubles, of a user who has a past."""
    return {
        "request": {"amount": 5.0, "user_id": "u", **request},
        "states": {"user#u": state_of(2)},
        "expected": {"score": score, "n_known": n_known},
    }


def sha256_of(factor: float) -> str:
    return hashlib.sha256(bundle_files(factor)["model.onnx"]).hexdigest()


@pytest.fixture
def handler(service: PredictService, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load_handler("predict")
    monkeypatch.setattr(module, "service", lambda: service)
    return module


def check(handler: ModuleType, bundle_uri: str, factor: float = 2.0) -> dict[str, Any]:
    asked = {"bundle_uri": bundle_uri, "bundle_sha256": sha256_of(factor)}
    answer: dict[str, Any] = handler.handler({"check_bundle": asked}, None)
    return answer


def test_a_bundle_that_answers_as_it_did_passes_and_no_prediction_is_recorded(
    cloud: SmallCloud, handler: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = cloud.publish(2.0, [example(10.0), example(10.0 + 4e-6)])

    answer = check(handler, uri)

    assert answer["bundle_sha256"] == sha256_of(2.0)
    assert answer["n_examples"] == 2
    assert answer["max_difference"] == pytest.approx(4e-6, rel=1e-3)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "wrong",
    [
        example(10.1),
        example(10.0 + 2e-5),
        example(float("nan")),
        example(10.0, n_known=0),
        {**example(10.0), "expected": {"score": 10.0}},
        {**example(10.0), "expected": {"score": 10.0, "n_known": "2"}},
        {**example(10.0), "expected": {"score": 10.0, "n_known": [2]}},
        {**example(10.0), "states": {}},
    ],
)
def test_a_bundle_that_answers_otherwise_is_refused(
    cloud: SmallCloud, handler: ModuleType, wrong: dict[str, Any]
) -> None:
    uri = cloud.publish(2.0, [example(10.0), wrong])

    with pytest.raises(GoldenExampleError, match="Golden example 2 of 2"):
        check(handler, uri)


def test_an_example_that_does_not_fit_the_signature_is_refused(
    cloud: SmallCloud, handler: ModuleType
) -> None:
    with pytest.raises(RequestValidationError, match="colour"):
        check(handler, cloud.publish(2.0, [example(10.0, colour="red")]))


def test_a_bundle_without_examples_is_refused(cloud: SmallCloud, handler: ModuleType) -> None:
    with pytest.raises(GoldenExampleError, match="no golden examples"):
        check(handler, cloud.publish(2.0))


def test_a_bundle_that_is_not_the_registered_one_is_refused(
    cloud: SmallCloud, handler: ModuleType
) -> None:
    uri = cloud.publish(2.0, [example(10.0)])

    with pytest.raises(BundleIntegrityError, match="not the registered"):
        check(handler, uri, factor=3.0)
    with pytest.raises(BundleIntegrityError, match="holds no bundle"):
        check(handler, "s3://bundles/tiny/nowhere/")


def test_what_serves_is_untouched_by_a_check(
    cloud: SmallCloud, handler: ModuleType, send: Send
) -> None:
    cloud.route(1, ("1", 3.0, 1.0))
    request = http_event("predict", json.dumps({"features": {"amount": 5.0}}))
    before = json.loads(send(request)["body"])["prediction"]

    check(handler, cloud.publish(2.0, [example(10.0)]))

    assert (
        json.loads(send(request)["body"])["prediction"]
        == before
        == {
            "score": 15.0,
            "n_known": 0,
        }
    )


@pytest.mark.parametrize("asked", [1, 7])
def test_a_routing_in_effect_is_confirmed(
    cloud: SmallCloud, handler: ModuleType, asked: int
) -> None:
    cloud.route(7, ("1", 2.0, 1.0))

    assert handler.handler({"confirm_revision": {"revision": asked}}, None) == {"revision": 7}


def test_a_routing_that_is_not_in_effect_yet_is_not_confirmed(
    cloud: SmallCloud, handler: ModuleType
) -> None:
    cloud.route(7, ("1", 2.0, 1.0))

    with pytest.raises(RoutingNotInEffectError, match="Revision 7 serves, not 8 yet"):
        handler.handler({"confirm_revision": {"revision": 8}}, None)


@pytest.mark.parametrize("action", ["predict", "batch_predict", "check_bundle"])
def test_an_http_request_cannot_take_the_form_of_a_check(
    cloud: SmallCloud, handler: ModuleType, action: str
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    asked = {"bundle_uri": cloud.publish(2.0, [example(10.0)]), "bundle_sha256": sha256_of(2.0)}
    event = http_event(
        action,
        json.dumps({"check_bundle": asked}),
        queryStringParameters={"check_bundle": "1"},
        rawQueryString="check_bundle=1",
        pathParameters={"check_bundle": "1"},
    )
    event["headers"]["check_bundle"] = "1"

    answer = handler.handler(event, None)

    assert answer["statusCode"] in {404, 422}
    assert "n_examples" not in answer["body"]
