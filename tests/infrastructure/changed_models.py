"""The dev environment with one model of the catalogue configured otherwise."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from cdk.app import TEMPLATES_ONLY, make_app
from cdk.nag import check, problems
from cdk.stacks import training as training_stack
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.models import MODELS
from tests.infrastructure.assembly_reader import Assembly


def dev_with(changed: ModelConfig, directory: Path, **settings: Any) -> tuple[Assembly, list[str]]:
    """Write dev's templates with other settings of one model; return them and cdk-nag's problems.

    Parameters
    ----------
    changed
        The model.
    directory
        Where to.
    settings
        Fields of its `ModelConfig`.
    """
    models = tuple(
        dataclasses.replace(model, **settings) if model == changed else model for model in MODELS
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_stack, "MODELS", models)
        app = make_app(directory, {"environment": "dev", **TEMPLATES_ONLY})
        app.synth()
    return Assembly(directory), problems(check(app))
