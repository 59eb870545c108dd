"""The public benchmark of SelfMate, on a small file of a user's own."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.selfmate import __main__ as benchmark
from benchmarks.selfmate.protocol import Protocol
from benchmarks.selfmate.texts import LabelledTexts
from mlops_platform.errors import DataValidationError
from tests.unit.models.selfmate.intent_world import IntentWorld, intent_world
from tests.unit.models.selfmate.tiny_bert import write_tiny_bert


def write_table(path: Path, worlds: dict[str | None, IntentWorld]) -> None:
    """Write texts with their own labels, or with the one that is given."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["utterance", "intent"])
        for label, world in worlds.items():
            for text, own in zip(world.texts, world.labels.tolist(), strict=True):
                table.writerow([text, label or own])


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    write_tiny_bert(tmp_path / "weights")
    known: dict[str | None, IntentWorld] = {None: intent_world(5, 12, seed=1)}
    foreign = intent_world(3, 6, seed=3, first=50)
    judged: dict[str | None, IntentWorld] = {None: intent_world(5, 6, seed=2), "none": foreign}
    write_table(tmp_path / "train.csv", known)
    write_table(tmp_path / "test.csv", judged)
    return [
        *("benchmarks.selfmate", "--train", str(tmp_path / "train.csv")),
        *("--test", str(tmp_path / "test.csv"), "--text", "utterance", "--label", "intent"),
        *("--oos-label", "none", "--weights", str(tmp_path / "weights")),
    ]


def test_the_last_line_holds_our_numbers_and_the_baselines(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", command)
    # Timing is of no interest here.
    monkeypatch.setattr("benchmarks.selfmate.protocol._LATENCY_RUNS", 2)

    benchmark.main()

    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    baselines = result["baselines"]
    assert result["accuracy"] > 0.8
    assert result["oos_auroc"] > 0.7
    assert 0 <= result["oos_recall"] <= 1
    assert baselines["majority"]["accuracy"] == pytest.approx(1 / 5)
    assert set(baselines) == {
        "majority",
        "tfidf_logistic_regression",
        "frozen_minilm_logistic_regression",
    }
    for precision in ("int8", "fp32"):
        assert {"accuracy", "size_mb", "p50_ms", "p95_ms"} <= result[precision].keys()
    assert result["int8"]["accuracy"] == result["accuracy"]


def test_a_column_that_is_not_there_is_named_beside_those_that_are(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", {None: intent_world(2, 2, seed=1)})

    with pytest.raises(
        DataValidationError, match="no column text; its columns are utterance, intent"
    ):
        LabelledTexts.read(tmp_path / "a.csv", "text", "intent")


def test_a_row_without_a_label_is_counted_and_located(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\nhello,greet\nwhat,\n")

    with pytest.raises(DataValidationError, match=r"1 rows lack .* the first is row 2"):
        LabelledTexts.read(tmp_path / "a.csv", "text", "label")


def test_parts_that_nothing_can_be_learnt_from_or_judged_on_are_refused() -> None:
    def texts(*labels: str) -> LabelledTexts:
        return LabelledTexts(["text"] * len(labels), np.array(labels))

    known = texts("a", "a", "b", "b", "none")
    with pytest.raises(DataValidationError, match=r"3 texts of 2 intents .* at least two of each"):
        Protocol(texts("a", "b", "b", "none"), known, "none")
    with pytest.raises(DataValidationError, match="all are labelled none"):
        Protocol(known, texts("none", "none"), "none")


def test_a_file_that_is_not_there_is_named_in_one_line(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = str(tmp_path / "absent.csv")
    monkeypatch.setattr("sys.argv", [absent if "test.csv" in word else word for word in command])
    with pytest.raises(SystemExit, match=r"absent\.csv cannot be read"):
        benchmark.main()
