"""`GET /models/{model}/releases`."""

import pytest

from mlops_platform.registry.control_service import ControlService
from tests.unit.functions.answer_api.calls import MODEL, Call


@pytest.mark.usefixtures("two_releases")
def test_the_ledger_is_shown_with_the_newest_entry_first(call: Call) -> None:
    status, body = call("GET", f"/models/{MODEL}/releases")

    assert status == 200
    assert (body["model_name"], body["production"], body["revision"]) == (MODEL, "1.0.1", 5)
    told = [(entry["sequence"], entry["transition"]) for entry in body["releases"]]
    assert told == [
        (5, "released"),
        (4, "released"),
        (3, "staged"),
        (2, "registered"),
        (1, "registered"),
    ]
    newest, second = body["releases"][:2]
    assert newest["previous_hash"] == second["hash"]
    assert (newest["who"], newest["version"]["semantic_version"]) == ("ada", "1.0.1")


@pytest.mark.usefixtures("two_releases")
def test_what_served_at_a_moment_is_told(call: Call, service: ControlService) -> None:
    first = service.ledger.verify(MODEL)[3]
    query = {"at": first.at.isoformat()}

    _, then = call("GET", f"/models/{MODEL}/releases", queryStringParameters=query)
    _, ever = call(
        "GET", f"/models/{MODEL}/releases", queryStringParameters={"at": "2020-01-01T00:00:00Z"}
    )

    assert (then["production"], then["revision"]) == ("1.0.0", 4)
    assert ever == {"model_name": MODEL, "production": None, "revision": None, "releases": []}


def test_a_moment_that_is_none_is_explained(call: Call) -> None:
    status, problem = call(
        "GET", f"/models/{MODEL}/releases", queryStringParameters={"at": "yesterday"}
    )

    assert (status, problem["errors"][0]["field"]) == (422, "at")
