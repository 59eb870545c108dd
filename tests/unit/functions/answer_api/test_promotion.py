"""`POST /models/{model}/promote/{stage}`."""

import pytest

from mlops_platform.registry.control_service import ControlService
from mlops_platform.registry.model_registry import ModelRegistry
from tests.unit.functions.answer_api.calls import MODEL, Call
from tests.unit.registry.manifests import bundle


@pytest.mark.parametrize("version", ['"2"', '"1.0.1"', "2"])
@pytest.mark.usefixtures("two_versions")
def test_a_version_is_promoted_by_number_or_by_meaning(
    call: Call, service: ControlService, version: str
) -> None:
    status, body = call("POST", f"/models/{MODEL}/promote/production", f'{{"version": {version}}}')

    assert status == 200
    assert body == {
        "model_name": MODEL,
        "stage": "production",
        "version": "2",
        "semantic_version": "1.0.1",
        "revision": 4,
        "stages": "followed",
    }
    head = service.ledger.head(MODEL)
    assert head is not None
    assert head.serving.variants[0].version == "2"
    assert (head.cause.who, head.cause.why) == ("ada", "promoted by hand")
    assert head.cause.operation.startswith("request id-")


def test_a_version_is_promoted_to_staging(call: Call, two_versions: ModelRegistry) -> None:
    status, body = call("POST", f"/models/{MODEL}/promote/staging", '{"version": "1"}')

    assert (status, body["stage"]) == (200, "staging")
    assert two_versions.aliases(MODEL) == {"staging": "1"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 400),
        ("", 400),
        ("{", 400),
        ("\x00", 400),
        ("{}", 422),
        ("[]", 422),
        ("null", 422),
        ('"3"', 422),
        ('{"version": null}', 422),
        ('{"version": ""}', 422),
        ('{"version": true}', 422),
        ('{"version": ["1"]}', 422),
        ('{"version": "1", "reason": ""}', 422),
        ('{"version": "1", "reason": 7}', 422),
        ('{"version": "99"}', 404),
        ('{"version": "9.9.9"}', 404),
    ],
)
@pytest.mark.usefixtures("two_versions")
def test_a_bad_promotion_is_explained_and_changes_nothing(
    call: Call, service: ControlService, body: str | None, status: int
) -> None:
    answered, problem = call("POST", f"/models/{MODEL}/promote/production", body)

    assert answered == status
    assert problem["detail"]
    if status == 422:
        assert problem["errors"][0]["field"] in {"version", "reason"}
    assert service.ledger.routing_table.read(MODEL) is None


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_malformed(call: Call) -> None:
    path = f"/models/{MODEL}/promote/production"

    assert call("POST", path, "no base64!", isBase64Encoded=True)[0] == 400


@pytest.mark.usefixtures("two_versions")
def test_a_version_that_mlflow_alone_knows_is_entered_when_it_is_promoted(
    call: Call, service: ControlService
) -> None:
    ModelRegistry(service.mlflow).register(MODEL, **bundle(3))

    status, body = call("POST", f"/models/{MODEL}/promote/production", '{"version": "3"}')

    assert (status, body["version"]) == (200, "3")
    entries = service.ledger.verify(MODEL)
    assert [str(entry.transition) for entry in entries[-2:]] == ["registered", "released"]


def test_an_unknown_stage_is_explained(call: Call, two_versions: ModelRegistry) -> None:
    status, problem = call("POST", f"/models/{MODEL}/promote/heaven", '{"version": "1"}')

    assert status == 422
    assert problem["errors"][0]["field"] == "stage"
    assert two_versions.aliases(MODEL) == {"staging": "2"}
