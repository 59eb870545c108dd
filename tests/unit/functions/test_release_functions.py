"""The release workflow's functions: parse, one call, answer."""

from typing import Any

import pytest

from mlops_platform.registry.transition import Cause
from tests.unit.functions.handlers import load_handler
from tests.unit.functions.release_events import EVENTS, EXECUTION, MODEL, PREPARED, context_of

RELEASE_STEPS = ["prepare_release", "release_model", "roll_back_release"]


class Steps:
    """Remembers what it was asked."""

    def prepare(self, **asked: Any) -> dict[str, Any]:
        return {"prepare": asked}

    def release(self, **asked: Any) -> dict[str, Any]:
        return {"release": asked}

    def roll_back(self, **asked: Any) -> dict[str, Any]:
        return {"roll_back": asked}

    def reconcile_all(self, model_names: list[str]) -> dict[str, Any]:
        return {"reconcile_all": model_names}


def call(monkeypatch: pytest.MonkeyPatch, function: str, event: dict[str, Any]) -> dict[str, Any]:
    module = load_handler(function)
    maker = "reconciliation" if function == "follow_stages" else "release"
    monkeypatch.setattr(module, maker, Steps)
    answer: dict[str, Any] = module.handler(event, context_of(function))
    return answer


@pytest.mark.parametrize(
    ("function", "asked"),
    [
        ("prepare_release", {"prepare": EVENTS["prepare_release"]}),
        (
            "release_model",
            {
                "release": {
                    "model_name": MODEL,
                    "prepared": PREPARED,
                    "cause": Cause(
                        operation=EXECUTION,
                        who="ada",
                        why="drift",
                        evidence={"golden_examples": {"n_examples": 11}},
                    ),
                }
            },
        ),
        (
            "roll_back_release",
            {
                "roll_back": {
                    "model_name": MODEL,
                    "version": "2",
                    "cause": Cause(
                        operation=EXECUTION,
                        who="release workflow",
                        why="GoldenExampleError: Example 2 is answered otherwise.",
                        evidence={"error": "GoldenExampleError"},
                    ),
                }
            },
        ),
        ("follow_stages", {"reconcile_all": [MODEL]}),
    ],
)
def test_the_event_reaches_the_step_and_its_answer_the_state_machine(
    monkeypatch: pytest.MonkeyPatch, function: str, asked: dict[str, Any]
) -> None:
    assert call(monkeypatch, function, EVENTS[function]) == asked


@pytest.mark.parametrize(
    ("function", "missing"), [(name, key) for name, event in EVENTS.items() for key in event]
)
def test_an_event_without_one_of_its_keys_is_refused(
    monkeypatch: pytest.MonkeyPatch, function: str, missing: str
) -> None:
    event = {key: value for key, value in EVENTS[function].items() if key != missing}

    with pytest.raises(KeyError, match=missing):
        call(monkeypatch, function, event)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {
        "LEDGER_TABLE": "ledger",
        "ROUTING_TABLE": "routing",
        "TRACKING_URI": "http://mlflow",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(variable, value)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("function", RELEASE_STEPS)
def test_a_step_is_made_from_the_settings_that_the_template_writes(function: str) -> None:
    ledger = load_handler(function).release().ledger

    assert (ledger.table.name, ledger.routing_table.table) == ("ledger", "routing")


@pytest.mark.usefixtures("settings")
def test_the_reconciliation_is_made_from_the_settings_that_the_template_writes() -> None:
    made = load_handler("follow_stages").reconciliation()

    assert made.ledger.table.name == "ledger"
    assert made.registry.mlflow.tracking_uri == "http://mlflow"
