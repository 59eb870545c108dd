from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.functions.handlers import load_handler

EVENT = {
    "model_name": "fraud_detection",
    "as_of": "2026-03-01T00:00:00Z",
    "cause": "schedule",
    "execution_name": "e-1",
    "execution_input": {"auto_promote_threshold": 0.99},
}
CONTEXT = SimpleNamespace(
    function_name="validate_data",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:validate_data",
    aws_request_id="request-7",
)


class Step:
    """Remembers what it was asked."""

    def prepare(self, **asked: Any) -> dict[str, Any]:
        return {"asked": asked}


def test_the_event_reaches_the_step_and_its_answer_the_state_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = load_handler("validate_data")
    monkeypatch.setattr(module, "preparation", Step)

    assert module.handler(EVENT, CONTEXT) == {"asked": EVENT}


@pytest.mark.parametrize("missing", EVENT)
def test_an_event_without_one_of_its_keys_is_refused(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    module = load_handler("validate_data")
    monkeypatch.setattr(module, "preparation", Step)
    event = {key: value for key, value in EVENT.items() if key != missing}

    with pytest.raises(KeyError, match=missing):
        module.handler(event, CONTEXT)


def test_the_step_is_made_from_the_settings_that_the_template_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {"DATA_BUCKET": "data", "ROUTING_TABLE": "routing", "ENCODER_WEIGHTS": "embedded"}
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    step = load_handler("validate_data").preparation()

    assert step.data_bucket.name == "data"
