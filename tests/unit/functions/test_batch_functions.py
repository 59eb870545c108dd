"""The functions of batch scoring: parse, one call, answer."""

from typing import Any

import pytest

from mlops_platform.serving.predictor import Predictor
from tests.unit.functions.handlers import load_handler
from tests.unit.functions.release_events import context_of

PLAN = {"model_name": "selfmate", "input_uri": "s3://data/batches/a/", "execution_name": "e-1"}
SCORE = {"model_name": "selfmate", "input_uri": "s3://data/a", "output_uri": "s3://data/b"}
ENVIRONMENT = {
    "DATA_BUCKET": "data",
    "ROUTING_TABLE": "routing",
    "FEATURE_TABLE": "features",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Plan:
    """Remembers what it was asked."""

    def plan(self, **asked: Any) -> dict[str, Any]:
        return asked


class Scoring:
    """Remembers what it was asked."""

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def score(self, input_uri: str, output_uri: str) -> dict[str, Any]:
        return {
            "model_name": self.model_name,
            "input_uri": input_uri,
            "output_uri": output_uri,
        }


@pytest.mark.parametrize(
    ("function", "maker", "steps", "event"),
    [("plan_batch", "plan", Plan, PLAN), ("score_object", "scoring", Scoring, SCORE)],
)
def test_an_event_becomes_one_call(
    monkeypatch: pytest.MonkeyPatch, function: str, maker: str, steps: type, event: dict[str, Any]
) -> None:
    module = load_handler(function)
    monkeypatch.setattr(module, maker, steps)

    assert module.handler(event, context_of(function)) == event
    for missing in event:
        incomplete = {name: value for name, value in event.items() if name != missing}
        with pytest.raises(KeyError, match=missing):
            module.handler(incomplete, context_of(function))


def test_the_steps_are_made_from_the_settings_that_the_template_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    assert load_handler("plan_batch").plan().bucket == "data"
    predictor: Predictor = load_handler("score_object").scoring("selfmate").predictor
    assert predictor.model_name == "selfmate"
    # What is scored in bulk is not recorded as traffic.
    assert predictor.records is None
