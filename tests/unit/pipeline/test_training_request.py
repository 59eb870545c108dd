"""The names of training jobs."""

import dataclasses
import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.config.model_config import ModelConfig
from mlops_platform.pipeline.training_request import TrainingRequest

names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80)


def request(
    execution_name: str, model_name: str = "fraud_detection", *, needs_encoder: bool = False
) -> TrainingRequest:
    return TrainingRequest(
        model=ModelConfig(name=model_name, model_type="x", needs_encoder=needs_encoder),
        as_of=datetime(2026, 3, 1, tzinfo=UTC),
        execution_name=execution_name,
        encoder_weights="s3://weights/minilm",
    )


@given(names, st.from_regex(r"[a-z]{1,30}(_[a-z]{1,30}){0,3}", fullmatch=True))
def test_every_job_name_is_one_that_sagemaker_takes(execution: str, model: str) -> None:
    name = request(execution, model).job_name

    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", name)


@given(names, names)
def test_different_executions_have_different_jobs(one: str, other: str) -> None:
    assert (request(one).job_name == request(other).job_name) == (one == other)


def test_a_model_that_needs_an_encoder_is_told_where_its_weights_are() -> None:
    hyperparameters = request("e", needs_encoder=True).hyperparameters(None)
    assert hyperparameters["encoder_weights"] == "s3://weights/minilm"
    assert "encoder_weights" not in request("e").hyperparameters(None)


def test_a_model_that_is_fine_tuned_says_so_to_its_job() -> None:
    asked = request("e", needs_encoder=True)
    tuned = dataclasses.replace(asked, model=dataclasses.replace(asked.model, fine_tune=True))

    assert tuned.hyperparameters(None) == asked.hyperparameters(None) | {"fine_tune": "true"}


@given(names, st.from_regex(r"[a-z]{1,30}(_[a-z]{1,30}){0,3}", fullmatch=True))
def test_every_tuning_job_name_is_one_that_sagemaker_takes_and_its_role_allows(
    execution: str, model: str
) -> None:
    asked = request(execution, model)

    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", asked.tuning_job_name)
    assert asked.tuning_job_name.startswith(f"{asked.model.short_slug}-")
