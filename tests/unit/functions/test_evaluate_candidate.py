from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.functions.handlers import load_handler

EVENT = {
    "model_name": "fraud_detection",
    "artifact_uri": "s3://artifacts/training/job/output/model.tar.gz",
    "champion": None,
    "auto_promote_threshold": 0.99,
    "execution_name": "e-1",
}
CONTEXT = SimpleNamespace(
    function_name="evaluate_candidate",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:evaluate_candidate",
    aws_request_id="request-7",
)


class Step:
    """Remembers what it was asked."""

    def evaluate(self, **asked: Any) -> dict[str, Any]:
        return {"asked": asked}


def test_the_event_reaches_the_step_and_its_answer_the_state_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = load_handler("evaluate_candidate")
    monkeypatch.setattr(module, "evaluation", Step)

    assert module.handler(EVENT, CONTEXT) == {"asked": EVENT}


@pytest.mark.parametrize("missing", EVENT)
def test_an_event_without_one_of_its_keys_is_refused(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    module = load_handler("evaluate_candidate")
    monkeypatch.setattr(module, "evaluation", Step)
    event = {key: value for key, value in EVENT.items() if key != missing}

    with pytest.raises(KeyError, match=missing):
        module.handler(event, CONTEXT)


def test_the_step_is_made_from_the_settings_that_the_template_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, value in {
        "LEDGER_TABLE": "ledger",
        "ROUTING_TABLE": "routing",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    step = load_handler("evaluate_candidate").evaluation()

    assert step.ledger.table.name == "ledger"
