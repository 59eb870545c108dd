"""The model catalogue and its bounds."""

import re

import pytest

from mlops_platform import ModelConfig
from mlops_platform.config.models import MODELS, model_named
from mlops_platform.errors import ConfigurationError, ModelNotFoundError


def test_the_documented_example_is_accepted() -> None:
    config = ModelConfig(
        name="fraud_detection",
        model_type="xgboost",
        cpu_request="200m",
        memory_request="1Gi",
        min_replicas=2,
        max_replicas=10,
        accuracy_threshold=0.95,
    )

    assert (config.slug, config.construct_id) == ("fraud-detection", "FraudDetection")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_models_slug_may_name_a_training_job(model: ModelConfig) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,30}", model.slug)


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelNotFoundError, match="fraud_detection"):
        model_named("fraud")


def test_a_threshold_beyond_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="must lie in"):
        ModelConfig(name="m", model_type="t", accuracy_threshold=95)


def test_more_replicas_at_least_than_at_most_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="3 to 2 replicas"):
        ModelConfig(name="m", model_type="t", min_replicas=3, max_replicas=2)


def test_a_model_without_an_encoder_has_none_to_fine_tune() -> None:
    with pytest.raises(ConfigurationError, match="needs_encoder=True"):
        ModelConfig(name="m", model_type="t", fine_tune=True)


def test_a_distributed_search_needs_a_search_space() -> None:
    with pytest.raises(ConfigurationError, match="without a search_space"):
        ModelConfig(name="m", model_type="t", tuning="distributed")
