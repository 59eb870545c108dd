"""The whole job on a small world, as its container runs it."""

import base64
import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from mlflow import MlflowClient

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.errors import DataValidationError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.packing import from_bytes
from mlops_platform.features.snapshot_file import read_snapshot
from mlops_platform.models.fraud_detection.features import FEATURE_NAMES
from mlops_platform.models.fraud_detection.inference import load_inference
from mlops_platform.models.fraud_detection.training import train_fraud_detection
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.job import TrainingJob
from tests.unit.models.fraud_detection.small_world import small_dataset, write_channels
from tests.unit.models.training_job import evaluation, run_job

AS_OF = "2025-03-07T02:00:00Z"
N_DAYS = 60
EPOCH = date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first")
    write_channels(root / "input/data", N_DAYS)
    finished = run_job("fraud_detection", root, as_of=AS_OF)
    assert finished.returncode == 0, finished.stderr
    return root


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same job again, with the first one's bundle as the champion."""
    root = tmp_path_factory.mktemp("second")
    shutil.copytree(first / "input/data", root / "input/data")
    shutil.copytree(first / "model/bundle", root / "input/data/champion")
    finished = run_job("fraud_detection", root, as_of=AS_OF, execution_name="another")
    assert finished.returncode == 0, finished.stderr
    return root


def test_the_job_writes_what_the_pipeline_reads(first: Path) -> None:
    report = evaluation(first)
    assert report["model_name"] == "fraud_detection"
    assert report["as_of"] == AS_OF
    assert report["champion"] is None
    assert {c["algorithm"] for c in report["candidates"]} == {"xgboost", "random_forest"}
    assert report["metrics"]["average_precision"] > 5 * (
        report["metrics"]["n_positive"] / report["metrics"]["n_rows"]
    )
    assert report["contract"]["parity_max_abs_diff"] <= 1e-5
    # The test window, and 10,000 rows with missing values.
    assert report["contract"]["parity_rows"] == report["metrics"]["n_rows"] + 10_000
    assert report["data_snapshot"]["last"] < AS_OF


def test_the_model_card_tells_the_metrics_by_amount(first: Path) -> None:
    card = (first / "model/model_card.md").read_text()

    segments = evaluation(first)["segments"]
    assert len(segments) >= 2
    assert (
        sum(part["n_rows"] for part in segments.values()) <= evaluation(first)["metrics"]["n_rows"]
    )
    for name in segments:
        assert f"\n| {name} | " in card
    assert evaluation(first)["data_snapshot"]["sha256"] in card


def test_the_same_data_and_seed_make_the_same_bundle_and_states(first: Path, second: Path) -> None:
    hashes = [open_bundle(root / "model/bundle").sha256 for root in (first, second)]
    assert hashes[0] == hashes[1]
    states = [
        hashlib.sha256((root / "model/feature_state.jsonl.gz").read_bytes()).hexdigest()
        for root in (first, second)
    ]
    assert states[0] == states[1]


def test_a_champion_that_is_the_same_model_differs_by_nothing(second: Path) -> None:
    report = evaluation(second)
    assert report["champion"]["metrics"] == report["metrics"]
    assert report["champion"]["paired"]["difference"] == 0.0


def test_the_bundle_gives_its_golden_answers(first: Path) -> None:

    folder = first / "model/bundle"
    inference = load_inference(folder)
    examples = open_bundle(folder).golden_examples()
    assert any(example["states"] for example in examples)
    for example in examples:
        states = {n: from_bytes(base64.b64decode(s)) for n, s in example["states"].items()}
        inference.validate(example["request"])
        assert inference.predict_batch([example["request"]], states) == [example["expected"]]


def test_the_bundle_knows_the_days_before_it_as_they_were(first: Path) -> None:
    folder = first / "model/bundle"
    reference = ReferenceProfile.from_bytes(open_bundle(folder).reference_profile)
    dataset = small_dataset(N_DAYS)
    day = dataset.timestamp // DAY_SECONDS
    amount = dataset.amount_minor / 100.0

    assert reference.days[-1].isoformat() == "2025-03-06"
    assert 20 <= len(reference.days) <= 28
    assert tuple(reference.inputs) == FEATURE_NAMES
    for moment, counts in zip(reference.days, reference.counts, strict=True):
        own = amount[day == moment.toordinal() - EPOCH]
        binning = reference.inputs["amount"]
        assert counts[reference.sections["amount"]].tolist() == binning.counts(own).tolist()
        assert counts[reference.sections[""]].sum() == len(own)


def test_the_states_end_at_the_start_of_the_day(first: Path) -> None:
    with (first / "model/feature_state.jsonl.gz").open("rb") as file:
        as_of, states = read_snapshot(file)
        newest = max(from_bytes(packed).newest_timestamp for _, packed in states)
    assert as_of % 86_400 == 0
    assert newest < as_of


def test_a_broken_table_fails_by_name(tmp_path: Path) -> None:
    write_channels(tmp_path / "input/data", 3)
    (tmp_path / "input/data/fraud_labels/more.csv").write_text(
        "transaction_id,is_fraud,label_timestamp\nnone,maybe,2025-01-07T00:00:00Z\n"
    )
    assert run_job("fraud_detection", tmp_path, as_of=AS_OF).returncode == 1
    failure = (tmp_path / "output/failure").read_text()
    assert failure.startswith("DataValidationError: ")
    assert "is_fraud" in failure
    assert not (tmp_path / "model/bundle").exists()


def test_too_little_data_fails_by_name(tmp_path: Path) -> None:
    write_channels(tmp_path / "input/data", 12)
    assert run_job("fraud_detection", tmp_path, as_of=AS_OF).returncode == 1
    assert (tmp_path / "output/failure").read_text().startswith("TrainingDataError: ")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_job_that_fails_leaves_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    write_channels(tmp_path / "input/data", 3)

    job = TrainingJob(tmp_path, {"as_of": AS_OF, "execution_name": "daily-1"})
    with pytest.raises(DataValidationError):
        train_fraud_detection(job)

    client = MlflowClient(tracking_uri=store)
    (run,) = client.search_runs([e.experiment_id for e in client.search_experiments()])
    assert run.info.status == "FAILED"
