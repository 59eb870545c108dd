"""`GET /experiments` and `GET /models`."""

import pytest

from mlops_platform.config.models import MODELS
from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from tests.unit.functions.answer_api.calls import MODEL, Call, release


def test_experiments_are_listed(call: Call) -> None:
    status, body = call("GET", "/experiments")

    assert status == 200
    assert body["experiments"][0]["name"] == "Default"


def test_models_are_listed_before_anything_is_trained(call: Call) -> None:
    status, body = call("GET", "/models")

    assert status == 200
    assert [model["name"] for model in body["models"]] == [model.name for model in MODELS]
    for model in body["models"]:
        assert (model["production"], model["staging"], model["versions"]) == (None, None, 0)


@pytest.mark.usefixtures("two_versions")
def test_a_model_is_shown_with_its_versions(call: Call) -> None:
    call("POST", f"/models/{MODEL}/promote/production", '{"version": "1.0.0"}')

    status, body = call("GET", f"/models/{MODEL}")

    assert status == 200
    assert (body["production"], body["staging"], body["revision"]) == ("1.0.0", "1.0.1", 4)
    assert [(v["version"], v["stage"]) for v in body["versions"]] == [
        ("1", "Production"),
        ("2", "Staging"),
    ]
    assert body["versions"][0]["metrics"] == {"accuracy": 0.99}
    assert call("GET", "/models")[1]["models"][0]["versions"] == 2


def test_reading_a_model_mends_what_a_dead_release_left_behind(
    call: Call, service: ControlService, two_versions: ModelRegistry
) -> None:
    call("POST", f"/models/{MODEL}/promote/production", '{"version": "1"}')
    release(service, 2)

    _, body = call("GET", f"/models/{MODEL}")

    assert (body["production"], body["staging"]) == ("1.0.1", None)
    assert [version["stage"] for version in body["versions"]] == ["Archived", "Production"]
    assert two_versions.aliases(MODEL) == {"production": "2"}
    assert two_versions.agrees(MODEL, production="2", staging=None)
