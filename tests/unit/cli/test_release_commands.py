"""`mlops rollback` and `mlops history`: tables for people, JSON for programs."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlops_platform.cli.application import mlops
from mlops_platform.sdk.model_deployment import ModelDeploymentManager

MODEL = "fraud_detection"
ENTRY = {
    "sequence": 6,
    "at": "2026-03-01T12:00:00.000001+00:00",
    "transition": "rolled_back",
    "version": {"version": "1", "semantic_version": "1.0.0"},
    "routing": {"revision": 6, "variants": [{"semantic_version": "1.0.0"}]},
    "who": "ada",
    "why": "alarms",
}
REJECTED = {**ENTRY, "sequence": 1, "transition": "rejected", "version": None, "routing": None}
LEDGER = {"production": "1.0.0", "revision": 6, "releases": [ENTRY, REJECTED]}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what the SDK was asked."""
    calls: list[dict[str, Any]] = []

    def roll_back(_: ModelDeploymentManager, model: str, **options: Any) -> dict[str, Any]:
        calls.append({"model": model, **options})
        return {"model_name": model, "version": "1", "revision": 6, "stages": "followed"}

    def releases(_: ModelDeploymentManager, model: str, **options: Any) -> dict[str, Any]:
        calls.append({"model": model, **options})
        return LEDGER

    monkeypatch.setattr(ModelDeploymentManager, "roll_back", roll_back)
    monkeypatch.setattr(ModelDeploymentManager, "releases", releases)
    monkeypatch.setenv("COLUMNS", "160")
    return calls


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mlops, arguments)


def test_a_rollback_goes_to_the_version_before(asked: list[dict[str, Any]]) -> None:
    done = run("rollback", MODEL, "--reason", "alarms")

    assert done.exit_code == 0
    assert asked == [{"model": MODEL, "reason": "alarms", "version": None}]
    assert "fraud_detection rolled back" in done.stdout


def test_a_rollback_goes_where_it_is_told(asked: list[dict[str, Any]]) -> None:
    done = run("--json", "rollback", MODEL, "--to", "1.0.0", "--reason", "alarms")

    assert asked == [{"model": MODEL, "reason": "alarms", "version": "1.0.0"}]
    assert json.loads(done.stdout)["revision"] == 6


def test_a_rollback_without_a_reason_is_refused(asked: list[dict[str, Any]]) -> None:
    done = run("rollback", MODEL)

    assert done.exit_code == 2
    assert "--reason" in done.stderr
    assert asked == []


def test_history_is_a_table_for_people(asked: list[dict[str, Any]]) -> None:
    done = run("history", MODEL)

    assert asked == [{"model": MODEL, "at": None}]
    assert "History of fraud_detection; in production now: 1.0.0" in done.stdout
    line = next(line for line in done.stdout.splitlines() if "rolled back" in line)
    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "6",
        "2026-03-01 12:00:00",
        "rolled back",
        "1.0.0",
        "1.0.0",
        "ada",
        "alarms",
    ]


def test_history_is_a_document_for_programs_as_of_a_moment(asked: list[dict[str, Any]]) -> None:
    done = run("--json", "history", MODEL, "--at", "2026-03-01T12:00:00")

    assert asked == [{"model": MODEL, "at": datetime(2026, 3, 1, 12, tzinfo=UTC)}]
    assert json.loads(done.stdout) == LEDGER


def test_a_moment_that_is_none_is_refused(asked: list[dict[str, Any]]) -> None:
    done = run("history", MODEL, "--at", "yesterday")

    assert done.exit_code == 2
    assert "is not a moment" in done.stderr
    assert asked == []
