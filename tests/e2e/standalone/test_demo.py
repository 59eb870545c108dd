"""The demo as people run it; killed in the middle, it goes through when it is started again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.models import MODELS

ROOT = Path(__file__).parents[3]
# Fewer than people see, to save time; all else is the same.
N_SINGLE = 200
# Of the three days before the world changes, and of the two after.
N_QUIET, N_CHANGED = 4_636, 3_020
# Two demos, one of them to its end, on a machine that may be busy.
pytestmark = pytest.mark.timeout(1_500)


class DemoRun:
    """One demo as a process of its own, and what it printed so far."""

    def __init__(self, folder: Path, assembly: Path, report: str) -> None:
        self.report = folder / report
        self.cloud_file = folder / "state/cloud.json"
        options = {
            "state": folder / "state",
            "report": self.report,
            "assembly": assembly,
            "single": N_SINGLE,
        }
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.demo"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/platform/python'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""

    def read_until_state(self, state: str) -> None:
        """Read on until the demo says that fraud detection's training entered a state."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if line.rstrip().endswith(f"]   fraud_detection: {state}"):
                return
        pytest.fail(f"The demo never entered {state}:\n{self.printed}")

    def read_to_the_end(self) -> int:
        """Read the rest; return the exit status."""
        assert self.process.stdout is not None
        self.printed += self.process.stdout.read()
        return self.process.wait()

    def cloud_processes(self) -> list[psutil.Process]:
        """Return the demo's local cloud and everything that it started."""
        cloud = psutil.Process(json.loads(self.cloud_file.read_text())["pid"])
        return [cloud, *cloud.children(recursive=True)]

    def kill(self) -> None:
        """Kill the demo itself; its cloud is another process, and lives on."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for state and reports, of which no cloud remains."""
    folder = tmp_path_factory.mktemp("demo")
    yield folder
    command = [sys.executable, "-m", "local_cloud", "down", "--state", str(folder / "state")]
    subprocess.run(command, check=True, cwd=ROOT)


@pytest.fixture(scope="module")
def killed_cloud(folder: Path, assembly: Path) -> list[psutil.Process]:
    """The processes that a demo left behind which was killed in its first training."""
    demo = DemoRun(folder, assembly, "first.json")
    try:
        demo.read_until_state("Train")
        processes = demo.cloud_processes()
    finally:
        demo.kill()
    assert processes[0].is_running()
    assert not demo.report.exists()
    return processes


@pytest.fixture(scope="module")
def second_run(folder: Path, assembly: Path, killed_cloud: list[psutil.Process]) -> DemoRun:
    """The demo that was started again with the same state, at its end."""
    assert killed_cloud
    demo = DemoRun(folder, assembly, "second.json")
    try:
        status = demo.read_to_the_end()
    finally:
        demo.kill()
    assert status == 0, demo.printed
    return demo


@pytest.fixture(scope="module")
def report(second_run: DemoRun) -> dict[str, Any]:
    return dict(json.loads(second_run.report.read_text()))


def lives(process: psutil.Process) -> bool:
    """Whether it still runs; the dead that nobody has collected yet do not count."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def works_below(process: psutil.Process, folder: Path) -> bool:
    """Whether a process was told of a folder, as a cloud and its training jobs are."""
    try:
        told = [*process.cmdline(), *process.environ().values()]
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False
    return any(str(folder) in text for text in told)


def test_no_process_of_the_killed_demo_s_cloud_is_left(
    folder: Path, killed_cloud: list[psutil.Process], second_run: DemoRun
) -> None:
    assert second_run.process.returncode == 0
    assert [process for process in killed_cloud if lives(process)] == []
    # Nor one that was started after the demo had been killed.
    assert [process for process in psutil.process_iter() if works_below(process, folder)] == []


def test_the_report_names_what_was_deployed(report: dict[str, Any]) -> None:
    assert len(report["stacks"]) > 1
    for stack in report["stacks"]:
        assert stack["name"].startswith("SelfMonitor-Dev-")
        assert stack["resources"] > 0
        assert isinstance(stack["metadata_only"], list)


def test_the_report_tells_every_execution(report: dict[str, Any]) -> None:
    # The daily schedule trains every model, drift retrains one.
    assert len(report["pipeline"]) == len(MODELS) + 1
    for execution in report["pipeline"]:
        assert execution["status"] == "SUCCEEDED"
        assert execution["states"][0] == "ValidateData"
        assert "Release" in execution["states"]
        assert execution["seconds"] > 0


def test_1_0_0_was_released_first_and_its_successor_is_in_production(
    report: dict[str, Any],
) -> None:
    versions = report["models"]["fraud_detection"]["versions"]
    stages = {version["semantic_version"]: version["stage"] for version in versions}
    # A refresh is a patch; it is a minor version where the search chose the other algorithm.
    n_algorithms = len({version["algorithm"] for version in versions})
    successor = "1.0.1" if n_algorithms == 1 else "1.1.0"
    assert stages == {"1.0.0": "Archived", successor: "Production"}
    # The predictions came between the releases, and the first version alone gave them.
    assert report["serving"] == report["models"]["fraud_detection"]["serving"]
    assert report["serving"]["versions"] == {"1.0.0": N_QUIET}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_report_measures_every_version(report: dict[str, Any], model: ModelConfig) -> None:
    versions = report["models"][model.name]["versions"]
    assert versions[-1]["stage"] == "Production"
    for version in versions:
        metrics = version["metrics"]
        for name in {"accuracy", "majority_accuracy", model.primary_metric}:
            assert 0 < metrics[name] <= 1
        assert metrics["accuracy"] >= model.accuracy_threshold
        assert 0 <= version["parity_max_abs_diff"] <= 1e-5
        assert 0 < version["package_mb"] < 250


def test_scores_of_fraud_are_better_than_chance(report: dict[str, Any]) -> None:
    for version in report["models"]["fraud_detection"]["versions"]:
        assert version["metrics"]["auc_roc"] > 0.5


def test_what_people_take_up_next_stands_in_their_lists_more_often_than_what_is_popular(
    report: dict[str, Any],
) -> None:
    recommendation = report["models"]["recommendation"]
    popular = recommendation["versions"][0]["metrics"]["popularity_accuracy"]
    assert recommendation["serving"]["share_right"] > 1.5 * popular


def test_questions_about_one_s_own_money_are_answered_to_the_penny(report: dict[str, Any]) -> None:
    # In wordings of which none was learnt from; beside an answer by pandas.
    assert report["models"]["selfmate"]["serving"]["share_right"] > 0.8


def test_categories_are_told_better_than_by_the_commonest_of_them(report: dict[str, Any]) -> None:
    categorization = report["models"]["categorization"]
    # Of the day after the last one that it was trained on.
    assert categorization["serving"]["share_right"] > 0.85
    assert categorization["versions"][0]["metrics"]["majority_accuracy"] < 0.5


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_report_measures_serving(report: dict[str, Any], model: ModelConfig) -> None:
    serving = report["models"][model.name]["serving"]
    assert serving["requests"] >= N_SINGLE
    assert serving["errors"] == 0
    for name in ("compute_ms", "http_ms"):
        assert 0 < serving[name]["p50"] <= serving[name]["p95"] <= serving[name]["p99"]
    # A round trip holds the handler's own share.
    assert serving["compute_ms"]["p50"] < serving["http_ms"]["p50"]
    # Pods wait for their requests.
    assert ("cold_start_ms" in serving) == (model.host == "lambda")
    assert serving.get("cold_start_ms", 1) > 0


def test_quiet_days_page_nobody_and_the_change_pages_on_its_second_day(
    report: dict[str, Any],
) -> None:
    drift = report["drift"]
    assert drift["before"]["page"] is False
    assert drift["before"]["model_drift_score"] == 0
    assert drift["after"]["page"] is True
    assert drift["after"]["model_drift_score"] > 0.1
    assert drift["after"]["day"] in drift["alarm"]["incident_id"]


def test_what_is_named_has_truly_changed(report: dict[str, Any]) -> None:
    drift = report["drift"]
    assert len(drift["features_named"]) >= 5
    assert set(drift["features_named"]) <= set(drift["features_truly_changed"])
    assert drift["wrongly_named"] == []


def test_each_channel_is_told_once(report: dict[str, Any]) -> None:
    assert [alert["channel"] for alert in report["alerts"]] == ["email", "slack"]
    for alert in report["alerts"]:
        assert alert["delivered"] == 1
        assert 0 < alert["seconds"] < 60


def test_the_incident_has_the_model_trained_and_the_new_version_beats_the_old(
    report: dict[str, Any],
) -> None:
    retraining = report["retraining"]
    assert retraining["cause"] == report["drift"]["alarm"]["incident_id"]
    assert report["pipeline"][-1]["execution"] == retraining["cause"]
    assert retraining["from"] == "1.0.0"
    assert retraining["to"] in {"1.0.1", "1.1.0"}
    assert retraining["after"] > retraining["before"]


def test_a_rollback_takes_effect_within_ten_seconds_and_fails_no_request(
    report: dict[str, Any],
) -> None:
    rollback = report["rollback"]
    assert rollback["back_to"] == "1.0.0"
    assert rollback["forward_to"] in {"1.0.1", "1.1.0"}
    assert 0 <= rollback["seconds_to_effect"] <= 10
    assert rollback["requests_per_second"] >= 20
    assert rollback["failed_requests"] == 0


def test_every_prediction_was_counted_once(
    report: dict[str, Any],
) -> None:
    capture = report["capture"]
    assert capture["sent"] == N_QUIET + N_CHANGED + report["rollback"]["requests"]
    assert (capture["counted"], capture["lost"]) == (capture["sent"], 0)
    assert capture["duplicated"] == 0
