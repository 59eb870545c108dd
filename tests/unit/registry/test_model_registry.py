import uuid

import pytest

from mlops_platform.errors import ModelVersionNotFoundError
from mlops_platform.registry.mlflow_rest import MlflowRest
from mlops_platform.registry.model_registry import ModelRegistry
from mlops_platform.registry.model_version import Stage
from tests.unit.registry.manifests import bundle, manifest


@pytest.fixture
def registry(mlflow: MlflowRest) -> ModelRegistry:
    return ModelRegistry(mlflow)


@pytest.fixture
def model() -> str:
    """Return a name of its own, because all tests share one server."""
    return f"model_{uuid.uuid4().hex}"


def stages(registry: ModelRegistry, model: str) -> dict[str, str]:
    return {version.version: str(version.stage) for version in registry.versions(model)}


def test_an_unknown_model_has_no_versions_and_no_aliases(
    registry: ModelRegistry, model: str
) -> None:
    assert registry.versions(model) == []
    assert registry.aliases(model) == {}


def test_the_first_version_is_1_0_0_in_development(registry: ModelRegistry, model: str) -> None:
    version = registry.register(model, **bundle(1))

    assert (version.version, str(version.semantic_version)) == ("1", "1.0.0")
    assert version.stage is Stage.DEVELOPMENT
    assert version.bundle_uri == bundle(1)["bundle_uri"]
    assert version.training_execution == "execution-1"
    assert version.measurements == {"metrics": {"accuracy": 0.99}}


def test_the_same_bundle_registered_twice_is_one_version(
    registry: ModelRegistry, model: str
) -> None:
    first = registry.register(model, **bundle(1))
    registry.register(model, **bundle(2))

    again = registry.register(model, **{**bundle(1), "training_execution": "another"})

    assert again == first
    assert len(registry.versions(model)) == 2


def test_numbers_follow_what_changed(registry: ModelRegistry, model: str) -> None:
    breaking = {"request": [{"name": "sum", "type": "number", "required": True}], "response": []}

    numbers = [
        str(registry.register(model, **arguments).semantic_version)
        for arguments in (
            bundle(1),
            bundle(2),
            bundle(3, algorithm="random_forest"),
            bundle(4, algorithm="random_forest", features={"version": 2, "names": ["amount"]}),
            bundle(5, signature=breaking),
        )
    ]

    assert numbers == ["1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0"]


def test_a_version_that_died_before_its_number_gets_it_from_its_successor(
    registry: ModelRegistry, model: str
) -> None:
    registry.register(model, **bundle(1))
    registry._models.create(
        model,
        source="s3://bundles/x/",
        run_id="",
        tags={
            "bundle_uri": "s3://bundles/x/",
            "bundle_sha256": "f" * 64,
            "interface": registry.versions(model)[0].interface.to_json(),
            "stage": "Development",
        },
    )

    third = registry.register(model, **bundle(3))

    assert [str(v.semantic_version) for v in registry.versions(model)] == [
        "1.0.0",
        "1.0.1",
        "1.0.2",
    ]
    assert third.version == "3"


def test_a_version_that_died_before_its_number_gets_it_when_it_is_looked_for(
    registry: ModelRegistry, model: str
) -> None:
    first = registry.register(model, **bundle(1))
    tags = {
        "bundle_uri": "s3://bundles/x/",
        "bundle_sha256": "f" * 64,
        "interface": first.interface.to_json(),
    }
    registry._models.create(model, source="s3://bundles/x/", run_id="", tags=tags)

    assert str(registry.find(model, "2").semantic_version) == "1.0.1"
    with pytest.raises(ModelVersionNotFoundError):
        registry.find(model, "None")


def test_twins_of_one_bundle_are_removed(registry: ModelRegistry, model: str) -> None:
    version = registry.register(model, **bundle(1))
    twin = {
        "bundle_uri": version.bundle_uri,
        "bundle_sha256": version.bundle_sha256,
        "interface": version.interface.to_json(),
    }
    registry._models.create(model, source=version.bundle_uri, run_id="", tags=twin)

    registry.register(model, **bundle(1))

    assert [v.version for v in registry.versions(model)] == ["1"]


def test_a_version_of_somebody_else_is_left_alone(registry: ModelRegistry, model: str) -> None:
    registry._models.ensure(model)
    elsewhere = "s3://bundles/elsewhere/"
    registry._models.create(model, source=elsewhere, run_id="", tags={"made_by": "hand"})

    version = registry.register(model, **bundle(1))

    assert (version.version, str(version.semantic_version)) == ("2", "1.0.0")


def test_versions_are_found_by_number_and_by_meaning(registry: ModelRegistry, model: str) -> None:
    registry.register(model, **bundle(1))
    second = registry.register(model, **bundle(2))

    assert registry.find(model, "2") == registry.find(model, "1.0.1") == second


def test_a_version_that_is_not_there_is_answered_with_those_that_are(
    registry: ModelRegistry, model: str
) -> None:
    registry.register(model, **bundle(1))

    with pytest.raises(ModelVersionNotFoundError, match=r"Registered versions: 1 \(1\.0\.0\)"):
        registry.find(model, "7")


def test_a_version_walks_through_its_stages(registry: ModelRegistry, model: str) -> None:
    registry.register(model, **bundle(1))
    registry.follow(model, production=None, staging="1")
    assert stages(registry, model) == {"1": "Staging"}

    registry.follow(model, production="1", staging=None)
    assert stages(registry, model) == {"1": "Production"}
    assert registry.aliases(model) == {"production": "1"}

    registry.register(model, **bundle(2))
    registry.follow(model, production="1", staging="2")
    assert stages(registry, model) == {"1": "Production", "2": "Staging"}
    assert registry.aliases(model) == {"production": "1", "staging": "2"}

    registry.follow(model, production="2", staging=None)
    assert stages(registry, model) == {"1": "Archived", "2": "Production"}
    assert registry.aliases(model) == {"production": "2"}


def test_a_newer_candidate_supersedes_the_staged_one(registry: ModelRegistry, model: str) -> None:
    registry.register(model, **bundle(1))
    registry.follow(model, production=None, staging="1")

    registry.register(model, **bundle(2))
    registry.follow(model, production=None, staging="2")

    assert stages(registry, model) == {"1": "Archived", "2": "Staging"}


def test_what_serves_no_more_is_production_no_more(registry: ModelRegistry, model: str) -> None:
    registry.register(model, **bundle(1))
    registry.follow(model, production="1", staging=None)

    registry.follow(model, production=None, staging=None)

    assert stages(registry, model) == {"1": "Archived"}
    assert registry.aliases(model) == {}


def test_the_manifest_s_run_is_linked(registry: ModelRegistry, model: str) -> None:
    run_id = uuid.uuid4().hex
    arguments = {**bundle(1), "manifest": manifest(lineage={"run_id": run_id})}

    assert registry.register(model, **arguments).run_id == run_id
