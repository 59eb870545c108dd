import json
from pathlib import Path

import pytest

from mlops_platform.errors import ConfigurationError, LabelLeakageError
from mlops_platform.training.job import TrainingJob
from mlops_platform.training.search import Point


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SELFMONITOR_ML_ROOT", str(tmp_path))
    config = tmp_path / "input/config"
    config.mkdir(parents=True)
    hyperparameters = {"as_of": "2026-03-01T00:00:00Z", "random_state": "7", "search": "quick"}
    (config / "hyperparameters.json").write_text(json.dumps(hyperparameters))
    return tmp_path


def test_hyperparameters_come_as_text_and_are_parsed_here(root: Path) -> None:
    job = TrainingJob.from_environment()
    assert (job.as_of, job.random_state, job.search) == (1772323200, 7, "quick")
    assert job.model_folder == root / "model"


def test_the_failure_file_begins_with_the_errors_class(root: Path) -> None:
    def leak(_job: TrainingJob) -> None:
        raise LabelLeakageError("merchant_risk_7d knows too much")

    assert TrainingJob.from_environment().run(leak) == 1
    failure = (root / "output/failure").read_text()
    assert failure == "LabelLeakageError: merchant_risk_7d knows too much"


def test_a_job_that_ends_well_leaves_no_failure(root: Path) -> None:
    assert TrainingJob.from_environment().run(lambda _job: None) == 0
    assert not (root / "output").exists()


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("as_of", "yesterday", "ISO 8601"),
        ("random_state", "-1", "whole number"),
        ("search", "wide", "default, quick, optuna"),
    ],
)
def test_a_bad_hyperparameter_says_what_to_give(name: str, value: str, advice: str) -> None:
    job = TrainingJob(Path("unused"), {name: value})
    with pytest.raises(ConfigurationError, match=advice):
        getattr(job, name)


def test_missing_hyperparameters_say_where_they_belong(root: Path) -> None:
    (root / "input/config/hyperparameters.json").unlink()
    with pytest.raises(ConfigurationError, match=r"hyperparameters\.json holds no"):
        TrainingJob.from_environment()


def test_a_channel_that_is_not_there_is_named(root: Path) -> None:
    job = TrainingJob.from_environment()
    assert not job.has_channel("champion")
    with pytest.raises(ConfigurationError, match="no channel 'champion'"):
        job.channel("champion")
    (root / "input/data/champion").mkdir(parents=True)
    assert not job.has_channel("champion")


def test_a_job_that_is_given_an_algorithm_tries_that_point() -> None:
    given = {"search": "default", "algorithm": "xgboost", "max_depth": "4"}
    search = TrainingJob(Path("unused"), given).search
    assert search == Point("xgboost", given)
    assert str(search) == "point"


def test_jobs_of_one_search_have_runs_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_JOB_NAME", "fraud-detection-0123-002-89ab")
    alone = {"execution_name": "daily"}
    assert TrainingJob(Path("unused"), alone).run_name == "daily"
    one_of_many = {**alone, "algorithm": "xgboost"}
    assert TrainingJob(Path("unused"), one_of_many).run_name == "fraud-detection-0123-002-89ab"
