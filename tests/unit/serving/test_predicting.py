import base64
import json
from collections import Counter
from typing import Any

import orjson
import pytest

from mlops_platform.features.clock import parse_instant
from mlops_platform.serving.predict_service import PredictService
from tests.unit.serving.conftest import Send
from tests.unit.serving.small_cloud import NOON, SmallCloud, http_event


def predict(send: Send, **features: Any) -> dict[str, Any]:
    answer = send(http_event("predict", json.dumps({"features": features})))
    assert answer["statusCode"] == 200, answer["body"]
    content: dict[str, Any] = json.loads(answer["body"])
    return content


def test_the_routed_version_answers(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    answer = predict(send, amount=21.0)

    assert answer["prediction"] == {"score": 42.0, "n_known": 0}
    assert answer["model_version"] == "1.0.0"
    assert answer["prediction_id"].split(".", 2)[1:] == ["tiny", "1.0.0"]
    assert "degraded" not in answer


def test_compute_and_lookup_are_timed_apart(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    answer = send(http_event("predict", '{"features": {"amount": 1, "user_id": "u"}}'))

    timings = dict(part.split(";dur=") for part in answer["headers"]["server-timing"].split(", "))
    assert timings.keys() == {"compute", "lookup", "routing"}
    assert all(float(value) > 0 for value in timings.values())


def test_the_users_past_reaches_the_model(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    cloud.remember("u", 3)

    assert predict(send, amount=1.0, user_id="u")["prediction"]["n_known"] == 3
    assert predict(send, amount=1.0, user_id="stranger")["prediction"]["n_known"] == 0


def test_a_base64_body_is_decoded(cloud: SmallCloud, send: Send) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    body = base64.b64encode(b'{"features": {"amount": 4}}').decode()

    answer = send(http_event("predict", body, isBase64Encoded=True))

    assert json.loads(answer["body"])["prediction"]["score"] == 8.0


@pytest.mark.parametrize("asked", ["2", "2.0.0"])
def test_an_explicit_version_is_served_whatever_its_share(
    cloud: SmallCloud, send: Send, asked: str
) -> None:
    cloud.route(1, ("1", 2.0, 1.0), ("2", 5.0, 0.0))
    body = json.dumps({"features": {"amount": 1}, "model_version": asked})

    answer = json.loads(send(http_event("predict", body))["body"])

    assert (answer["model_version"], answer["prediction"]["score"]) == ("2.0.0", 5.0)


def test_a_batch_is_answered_in_its_order_by_each_rows_own_version(
    cloud: SmallCloud, send: Send
) -> None:
    cloud.route(1, ("1", 2.0, 0.5), ("2", -3.0, 0.5))
    instances = [{"amount": n, "user_id": f"u{n}"} for n in range(1, 1_001)]

    answer = json.loads(
        send(http_event("batch_predict", json.dumps({"instances": instances})))["body"]
    )

    rows = answer["predictions"]
    factor = {"1.0.0": 2.0, "2.0.0": -3.0}
    assert [r["prediction"]["score"] for r in rows] == [
        n * factor[r["model_version"]] for n, r in enumerate(rows, start=1)
    ]
    share = Counter(row["model_version"] for row in rows)["1.0.0"] / len(rows)
    assert share == pytest.approx(0.5, abs=0.06)
    assert len({row["prediction_id"] for row in rows}) == 1_000


def test_each_prediction_leaves_one_numbered_line(
    cloud: SmallCloud, send: Send, service: PredictService, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))

    first = predict(send, amount=1.0, user_id="u")
    batch = {"instances": [{"amount": 2.0}, {"amount": 3.0}]}
    send(http_event("batch_predict", json.dumps(batch)))

    records = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["sequence"] for record in records] == [1, 2, 3]
    assert service.predictor.records is not None
    assert {r["environment_id"] for r in records} == {service.predictor.records.environment_id}
    assert records[0]["prediction_id"] == first["prediction_id"]
    assert records[0]["features"] == {"amount": 1.0, "user_id": "u"}
    assert records[0]["output"] == first["prediction"]
    assert records[0].keys() == {
        "record",
        "prediction_id",
        "model_name",
        "model_version",
        "bundle_sha256",
        "occurred_at",
        "environment_id",
        "sequence",
        "timestamp",
        "degraded",
        "features",
        "inputs",
        "output",
        "compute_ms",
        "lookup_ms",
    }


def test_a_line_says_when_it_happened_which_bundle_answered_and_what_that_took(
    cloud: SmallCloud, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    cloud.remember("u", 3)
    predict(send, amount=0.1, user_id="u", timestamp="2026-03-02T14:00:00+02:00")
    predict(send, amount=1.0)

    stated, unstated = (orjson.loads(line) for line in capsys.readouterr().out.splitlines())
    (variant,) = json.loads(send(http_event("health", method="GET"))["body"])["variants"]
    assert stated["occurred_at"] == NOON
    assert stated["inputs"] == [0.1, 3.0, 43_200.0]
    assert stated["bundle_sha256"] == variant["bundle_sha256"]
    assert abs(parse_instant(unstated["occurred_at"]) - parse_instant(unstated["timestamp"])) <= 1
    assert stated["degraded"] == []


def test_predictions_go_on_without_the_feature_table_and_say_so(
    cloud: SmallCloud, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.route(1, ("1", 2.0, 1.0))
    cloud.dynamodb.delete_table(TableName="features")

    answer = predict(send, amount=1.0, user_id="u")

    assert answer["degraded"] == ["feature_lookup"]
    assert answer["prediction"] == {"score": 2.0, "n_known": 0}
    record = orjson.loads(capsys.readouterr().out.splitlines()[-1])
    assert record["degraded"] == ["feature_lookup"]


def test_health_says_what_serves(cloud: SmallCloud, send: Send) -> None:
    cloud.route(7, ("1", 2.0, 1.0))

    answer = send(http_event("health", method="GET"))

    content = json.loads(answer["body"])
    assert (answer["statusCode"], content["status"], content["revision"]) == (200, "ok", 7)
    (variant,) = content["variants"]
    assert variant["model_version"] == "1.0.0"
    assert len(variant["bundle_sha256"]) == 64
