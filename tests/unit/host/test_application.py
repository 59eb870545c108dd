"""The container's application answers as the function does, over its own routes and the API's."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from mlops_platform.host.application import make_application
from mlops_platform.serving.http import MAX_BODY_BYTES
from mlops_platform.serving.predict_service import PredictService
from tests.unit.serving.small_cloud import NOON, SmallCloud
from tests.unit.serving.tiny_model import NAME

PREDICT = f"/ml/{NAME}/predict"
FEATURES = {"amount": 3.0, "user_id": "u1", "timestamp": NOON}


@pytest.fixture
def client(service: PredictService) -> Iterator[TestClient]:
    with TestClient(make_application(service, refresh_seconds=0.05)) as client:
        yield client


def test_a_prediction_takes_the_hot_route_and_leaves_a_record(
    client: TestClient, cloud: SmallCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    answer = client.post(PREDICT, json={"features": FEATURES})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["prediction"]["score"] == 6.0
    assert "compute;dur=" in answer.headers["server-timing"]
    (record,) = (
        json.loads(line) for line in capsys.readouterr().out.splitlines() if '"prediction"' in line
    )
    assert record["prediction_id"] == answer.json()["prediction_id"]


def test_batches_and_health_are_answered_by_the_same_service(
    client: TestClient, cloud: SmallCloud
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    batch = client.post(f"/ml/{NAME}/batch_predict", json={"instances": [FEATURES, {"no": 1}]})
    health = client.get(f"/ml/{NAME}/health")

    assert batch.json()["n_failed"] == 1
    assert health.json()["variants"][0]["model_version"] == "1.0.0"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"{}", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b" " * (MAX_BODY_BYTES + 1), "application/json", 413),
    ],
)
def test_bad_input_is_told_as_a_problem(
    client: TestClient, body: bytes, kind: str, status: int
) -> None:
    answer = client.post(PREDICT, content=body, headers={"content-type": kind})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/ml/other/predict", f"/ml/{NAME}/unknown", "/docs"])
def test_what_is_not_there_is_told_as_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_pod_without_a_deployed_version_is_ready_and_says_when_to_ask_again(
    client: TestClient,
) -> None:
    assert client.get("/live").json() == {"status": "ok"}
    assert client.get("/ready").status_code == 200

    answer = client.post(PREDICT, json={"features": FEATURES})

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_a_pod_that_cannot_read_the_routing_is_not_ready(
    client: TestClient, cloud: SmallCloud
) -> None:
    cloud.dynamodb.delete_table(TableName="routing")

    assert client.get("/ready").status_code == 503
    assert client.get("/live").status_code == 200


def test_what_nobody_foresaw_is_told_with_a_number_that_the_log_has(
    client: TestClient, cloud: SmallCloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    # A timestamp that the tiny model's own checks let pass.
    answer = client.post(PREDICT, json={"features": {**FEATURES, "timestamp": {}}})

    assert answer.status_code == 500
    (number,) = re.findall(r"request ([0-9a-f]{16})", answer.json()["detail"])
    assert number in [getattr(record, "request_id", None) for record in caplog.records]


def test_a_new_revision_is_taken_over_without_any_request(
    client: TestClient, cloud: SmallCloud, service: PredictService
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    assert client.post(PREDICT, json={"features": FEATURES}).json()["model_version"] == "1.0.0"
    cloud.route(2, ("2", 5.0, 1.0))

    def serving() -> int:
        deployment = service.predictor.deployments._deployment
        return 0 if deployment is None else deployment.routing.revision

    while serving() != 2:
        assert client.get("/live").status_code == 200

    assert client.post(PREDICT, json={"features": FEATURES}).json()["model_version"] == "2.0.0"


def test_metrics_count_predictions_by_status(client: TestClient, cloud: SmallCloud) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    for features in (FEATURES, FEATURES, {"no": 1}):
        client.post(PREDICT, json={"features": features})
    client.get("/live")

    families = {
        family.name: family
        for family in text_string_to_metric_families(client.get("/metrics").text)
    }

    totals = {
        (sample.labels["model_name"], sample.labels["status"]): sample.value
        for sample in families["model_predictions"].samples
        if sample.name == "model_predictions_total"
    }
    assert totals == {(NAME, "200"): 2.0, (NAME, "422"): 1.0}
    (count,) = (
        sample.value
        for sample in families["model_prediction_latency_seconds"].samples
        if sample.name.endswith("_count")
    )
    assert count == 3
