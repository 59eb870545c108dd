"""`mlops drift`: a table for people, JSON for programs."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlops_platform.cli.application import mlops
from mlops_platform.sdk.drift_detector import DriftDetector

MODEL = "fraud_detection"
VERDICT = {
    "day": "2026-03-02",
    "semantic_version": "1.0.0",
    "verdict": "FAIL",
    "model_drift_score": 0.31,
    "page": True,
    "named": ["amount", "user_z_30d", "score", "hour"],
    "summary": "4 of 86 moved",
}
QUIET = {**VERDICT, "day": "2026-03-01", "page": False, "named": [], "summary": "nothing moved"}
INCIDENT = {
    "incident_id": "fraud_detection-drift-2026-03-02-r3",
    "opened_at": "2026-03-03T00:40:00+00:00",
    "told_at": "2026-03-03T00:40:00+00:00",
    "retraining": None,
    "retrained_at": None,
}


def run(
    monkeypatch: pytest.MonkeyPatch,
    incident: Any,
    *arguments: str,
    listed: Sequence[dict[str, Any]] = (VERDICT, QUIET),
    latest: dict[str, Any] | None = VERDICT,
) -> tuple[Result, Any]:
    asked: list[date | None] = []
    answer = {
        "since": "2026-02-17",
        "latest": latest,
        "verdicts": list(listed),
        "incident": incident,
    }

    def verdicts(_: DriftDetector, model_name: str, since: date | None) -> dict[str, Any]:
        assert model_name == MODEL
        asked.append(since)
        return answer

    monkeypatch.setattr(DriftDetector, "verdicts", verdicts)
    monkeypatch.setenv("COLUMNS", "160")
    return CliRunner().invoke(mlops, arguments), asked


def test_each_day_is_a_row_and_the_surest_names_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    done, asked = run(monkeypatch, None, "drift", MODEL)

    assert (done.exit_code, asked) == (0, [None])
    assert "amount, user_z_30d, score and 1 more" in done.stdout
    assert "nothing moved" in done.stdout
    assert "no open incident" in done.stderr


@pytest.mark.parametrize(
    ("retraining", "said"), [(None, "once enough labels have come"), ("run-7", "run-7 trains")]
)
def test_the_open_incident_is_told_with_what_comes_of_it(
    monkeypatch: pytest.MonkeyPatch, retraining: str | None, said: str
) -> None:
    done, _ = run(monkeypatch, {**INCIDENT, "retraining": retraining}, "drift", MODEL)

    assert str(INCIDENT["incident_id"]) in done.stderr.replace("\n", "")
    assert said in done.stderr.replace("\n", " ")
    # Before the table.
    assert done.output.index("is open since") < done.output.index("Drift of")


@pytest.mark.parametrize(
    ("latest", "said"), [(QUIET, "`--since 2026-03-01` shows it"), (None, "No day has been judged")]
)
def test_without_a_day_to_show_it_is_said_where_one_is(
    monkeypatch: pytest.MonkeyPatch, latest: dict[str, Any] | None, said: str
) -> None:
    done, _ = run(monkeypatch, None, "drift", MODEL, listed=(), latest=latest)

    assert said in done.stderr.replace("\n", " ")


def test_programs_get_the_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    done, asked = run(monkeypatch, INCIDENT, "--json", "drift", MODEL, "--since", "2026-03-01")

    assert asked == [date(2026, 3, 1)]
    assert json.loads(done.stdout)["verdicts"] == [VERDICT, QUIET]


def test_what_is_no_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    done, asked = run(monkeypatch, None, "drift", MODEL, "--since", "yesterday")

    assert (done.exit_code, asked) == (2, [])
