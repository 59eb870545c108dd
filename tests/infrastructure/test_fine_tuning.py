"""A model whose encoder is fine-tuned: the machine and the image that its job gets."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack

from cdk.constructs.library_image import LibraryImage
from mlops_platform.config.models import MODELS, model_named
from tests.infrastructure.assembly_reader import Assembly
from tests.infrastructure.changed_models import dev_with

MODEL = model_named("selfmate")
GPU = "ml.g5.xlarge"
REQUIREMENTS = "requirements/finetune.txt"


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assembly, list[str]]:
    """The dev environment with SelfMate fine-tuned, and what cdk-nag has against it."""
    return dev_with(MODEL, tmp_path_factory.mktemp("fine_tuned"), fine_tune=True, instance_type=GPU)


def training_images(assembly: Assembly) -> dict[str, dict[str, Any]]:
    """What is built of `training_jobs`, by hash."""
    (listed,) = assembly.directory.glob("*-Training.assets.json")
    images = json.loads(listed.read_text())["dockerImages"]
    return {name: image["source"] for name, image in images.items()}


def requests(assembly: Assembly) -> dict[str, dict[str, Any]]:
    """What each model's workflow asks of SageMaker, by the model's construct."""
    definitions = {
        machine.logical_id: assembly.definition(machine)["States"]
        for machine in assembly.of_type("AWS::StepFunctions::StateMachine")
    }
    return {
        model.construct_id: states["Train"]["Parameters"]
        for model in MODELS
        for logical_id, states in definitions.items()
        if logical_id.startswith(model.construct_id) and "Train" in states
    }


def test_it_alone_runs_on_a_gpu_from_an_image_with_torch(
    tuned: tuple[Assembly, list[str]],
) -> None:
    assembly, _ = tuned
    (with_torch,) = (
        name for name, source in training_images(assembly).items() if "dockerBuildArgs" in source
    )

    for construct, asked in requests(assembly).items():
        is_tuned = construct == MODEL.construct_id
        image = asked["AlgorithmSpecification"]["TrainingImage"]
        assert (with_torch in image) is is_tuned, construct
        assert (asked["ResourceConfig"]["InstanceType"] == GPU) is is_tuned, construct


def test_the_image_with_torch_is_built_from_its_own_requirements(
    tuned: tuple[Assembly, list[str]], tmp_path: Path
) -> None:
    sources = training_images(tuned[0]).values()
    given = [source["dockerBuildArgs"] for source in sources if "dockerBuildArgs" in source]
    app = App(outdir=str(tmp_path), analytics_reporting=False)
    stack = Stack(app, "Stack")
    LibraryImage(stack, "Image", folder="training_jobs", requirements=REQUIREMENTS)
    app.synth()

    assert given == [{"REQUIREMENTS": REQUIREMENTS}]
    (context,) = tmp_path.glob("asset.*")
    assert "torch==" in (context / REQUIREMENTS).read_text()
    assert not (context / "requirements/dev.txt").exists()
    assert '--requirement "${REQUIREMENTS}"' in (context / "training_jobs/Dockerfile").read_text()


def test_where_no_model_is_tuned_there_is_one_image_without_torch(dev: Assembly) -> None:
    (source,) = training_images(dev).values()
    assert "dockerBuildArgs" not in source


def test_cdk_nag_finds_nothing_new(tuned: tuple[Assembly, list[str]]) -> None:
    assert tuned[1] == []
