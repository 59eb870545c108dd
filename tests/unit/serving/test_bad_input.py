import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.errors import MalformedRequestError, RequestValidationError
from mlops_platform.serving.prediction_request import (
    MAX_INSTANCES,
    PredictionRequest,
    parse_batch_predict,
    parse_predict,
)
from tests.unit.serving.conftest import Send
from tests.unit.serving.small_cloud import SmallCloud, http_event


def problem_of(answer: dict[str, Any], status: int) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(answer["body"])
    assert answer["statusCode"] == problem["status"] == status, problem
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert problem.keys() >= {"type", "title", "detail"}
    assert "Traceback" not in answer["body"]
    return problem


def rows(n: int) -> str:
    return json.dumps({"instances": [{"amount": 1}] * n})


@pytest.mark.parametrize(
    ("action", "body", "expected"),
    [
        ("predict", None, (400, "empty")),
        ("predict", "  ", (400, "empty")),
        ("predict", "{", (400, "not JSON")),
        ("predict", '{"features": {"amount": NaN}}', (400, "no NaN")),
        ("predict", '{"features": {"amount": Infinity}}', (400, "no Infinity")),
        ("predict", '{"features": {"amount": 1e999}}', (400, "infinity")),
        ("predict", "[1]", (400, "must be an object")),
        ("predict", "{}", (422, "features: is missing")),
        ("predict", '{"features": 3}', (422, "features: must be an object")),
        ("predict", '{"features": {}, "feature": {}}', (422, "feature: is not a field")),
        (
            "predict",
            '{"features": {}, "model_version": 1}',
            (422, "model_version: must be a string"),
        ),
        ("predict", '{"features": {}}', (422, "features.amount: must be a number")),
        ("predict", '{"features": {"amount": "12"}}', (422, "features.amount: must be a number")),
        (
            "predict",
            '{"features": {"amount": 1, "colour": 2}}',
            (422, "features.colour: is unknown"),
        ),
        ("batch_predict", '{"instances": {}}', (422, "instances: must be a list")),
        ("batch_predict", '{"instances": [1]}', (422, "instances[0]: must be an object")),
        ("batch_predict", rows(0), (422, "has 0 rows")),
        ("batch_predict", rows(1_001), (422, "has 1001 rows")),
        (
            "batch_predict",
            '{"instances": [{"amount": "1"}, {"amount": null}]}',
            (422, "instances[1].amount: must be a number"),
        ),
    ],
)
def test_a_bad_body_is_told_what_to_do(
    cloud: SmallCloud,
    send: Send,
    *,
    capsys: pytest.CaptureFixture[str],
    action: str,
    body: str | None,
    expected: tuple[int, str],
) -> None:
    status, says = expected
    cloud.route(1, ("1", 2.0, 1.0))

    problem = problem_of(send(http_event(action, body)), status)

    fields = [f"{error['field']}: {error['message']}" for error in problem.get("errors", [])]
    assert says in "\n".join([problem["detail"], *fields])
    assert '"record":"prediction"' not in capsys.readouterr().out


def test_a_wrong_row_does_not_sink_its_batch(
    cloud: SmallCloud, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    body = '{"instances": [{"amount": 3}, {"amount": "x"}, 7, {"amount": 4}]}'

    answer = send(http_event("batch_predict", body))
    told = json.loads(answer["body"])

    assert answer["statusCode"] == 200
    assert told["n_failed"] == 2
    first, second, third, fourth = told["predictions"]
    assert [each["prediction"]["score"] for each in (first, fourth)] == [6.0, 8.0]
    assert [problem["field"] for problem in second["errors"]] == ["instances[1].amount"]
    assert [problem["field"] for problem in third["errors"]] == ["instances[2]"]
    assert "prediction_id" not in second
    # Only what was predicted is recorded.
    assert capsys.readouterr().out.count('"record":"prediction"') == 2


def test_a_body_of_another_kind_is_refused(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    event = http_event("predict", "amount=1", headers={"content-type": "text/csv"})

    assert "application/json" in problem_of(send(event), 415)["detail"]


def test_a_body_that_is_not_its_base64_is_refused(send: Send) -> None:
    problem_of(send(http_event("predict", "%%%", isBase64Encoded=True)), 400)


def test_a_body_that_no_function_could_take_is_refused(send: Send) -> None:
    problem_of(send(http_event("predict", " " * 6_000_001)), 413)


def test_thousands_of_problems_are_cut_short(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    body = json.dumps({"instances": [{}] * 1_000})

    problem = problem_of(send(http_event("batch_predict", body)), 422)

    assert problem["detail"].startswith("1000 field(s)")
    assert len(problem["errors"]) == 101
    assert "900 more" in problem["errors"][-1]["message"]


def test_an_unknown_model_is_told_the_known_ones(send: Send) -> None:
    problem = problem_of(send(http_event("predict", "{}", model="frod_detection")), 404)

    assert "fraud_detection" in problem["detail"]


def test_an_unknown_route_is_told_the_known_ones(send: Send) -> None:
    problem = problem_of(send(http_event("predict", None, method="DELETE")), 404)

    assert "POST batch_predict" in problem["detail"]


def test_an_unknown_version_is_told_the_deployed_ones(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    body = '{"features": {"amount": 1}, "model_version": "9.9.9"}'

    assert "1.0.0" in problem_of(send(http_event("predict", body)), 404)["detail"]


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("method_and_action", [("POST", "predict"), ("GET", "health")])
def test_a_model_without_a_version_asks_to_come_back(
    send: Send, method_and_action: tuple[str, str]
) -> None:
    method, action = method_and_action
    body = '{"features": {"amount": 1}}' if method == "POST" else None

    answer = send(http_event(action, body, method=method))

    problem_of(answer, 503)
    assert int(answer["headers"]["retry-after"]) > 0


def test_what_nobody_foresaw_tells_the_caller_nothing_but_the_request(
    cloud: SmallCloud, send: Send
) -> None:
    cloud.dynamodb.delete_table(TableName="routing")
    event = http_event("predict", '{"features": {"amount": 1}}')
    del event["requestContext"]["http"]

    assert "r-1" in problem_of(send(event), 500)["detail"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
bodies = st.one_of(
    st.binary(),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("features", "instances", "model_version", "x"), json_values)
    ).map(lambda value: json.dumps(value).encode()),
)


@given(bodies)
@pytest.mark.parametrize("parse", [parse_predict, parse_batch_predict])
def test_whatever_the_body_is_it_is_read_or_refused(
    parse: Callable[[bytes], PredictionRequest], body: bytes
) -> None:
    try:
        request = parse(body)
    except (MalformedRequestError, RequestValidationError):
        return
    assert 1 <= len(request.instances) <= MAX_INSTANCES
    # What is wrong with single rows of a batch, each row is told by itself.
    assert request.is_batch or isinstance(request.instances[0], dict)
    assert isinstance(request.model_version, str)
