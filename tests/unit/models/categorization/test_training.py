"""The whole job on a small world, as its container runs it."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.models.categorization.dataset import from_tables
from mlops_platform.models.categorization.inference import CORRECTIONS, load_inference
from mlops_platform.models.categorization.remembered import remember
from mlops_platform.models.categorization.text_features import brand_key
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.serving.golden_check import replay_golden_examples
from tests.unit.models.training_job import evaluation, run_job

FIRST_DAY = date(2025, 1, 6)
LAST_DAY = FIRST_DAY + timedelta(days=59)
AS_OF = "2025-03-07T02:00:00Z"
WORLD = World(seed=5, n_users=150)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first")
    write_days(WORLD, root / "input/data", FIRST_DAY, LAST_DAY, since=FIRST_DAY)
    finished = run_job("categorization", root, as_of=AS_OF)
    assert finished.returncode == 0, finished.stderr
    return root


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same job again, with the first one's bundle as the champion."""
    root = tmp_path_factory.mktemp("second")
    shutil.copytree(first / "input/data", root / "input/data")
    shutil.copytree(first / "model/bundle", root / "input/data/champion")
    finished = run_job("categorization", root, as_of=AS_OF, execution_name="another")
    assert finished.returncode == 0, finished.stderr
    return root


def test_the_job_writes_what_the_pipeline_reads(first: Path) -> None:
    report = evaluation(first)

    assert report["model_name"] == "categorization"
    assert report["champion"] is None
    assert report["metrics"]["accuracy"] > report["metrics"]["majority_accuracy"] + 0.4
    assert report["metrics"]["accuracy_at_80_coverage"] > report["metrics"]["accuracy"]
    assert report["contract"]["parity_max_abs_diff"] <= 1e-5
    assert report["contract"]["parity_rows"] == 2 * report["metrics"]["n_rows"]
    assert report["data_snapshot"]["last"] < AS_OF


def test_the_same_data_and_seed_make_the_same_bundle(first: Path, second: Path) -> None:
    assert open_bundle(first / "model/bundle").sha256 == open_bundle(second / "model/bundle").sha256


def test_a_champion_that_is_the_same_model_differs_by_nothing(second: Path) -> None:
    report = evaluation(second)

    assert report["champion"]["metrics"] == report["metrics"]
    assert report["champion"]["paired"]["metric"] == "accuracy"
    assert report["champion"]["paired"]["difference"] == 0.0


def test_the_bundle_gives_its_golden_answers(first: Path) -> None:
    inference = load_inference(first / "model/bundle")

    replayed = replay_golden_examples(inference, lambda _: {})

    assert replayed["n_examples"] == 11
    assert replayed["max_difference"] <= 1e-6


def test_the_reference_profile_fits_what_serving_records(first: Path) -> None:
    inference = load_inference(first / "model/bundle")
    profile = ReferenceProfile.from_bytes(inference.bundle.reference_profile)
    inputs = inference.prepare([{"description": "BODEN CAFE", "amount": 3.5}], {}, [0])

    assert inputs.monitored.shape == (1, len(profile.inputs))
    assert profile.score_name in inference.answer(inputs)[0]
    assert len(profile.days) >= 14


def test_a_users_own_correction_wins_at_that_brand_for_that_user_alone(first: Path) -> None:
    bundle = open_bundle(first / "model/bundle")
    row = json.loads(bundle.contents[CORRECTIONS])[0]
    inference = load_inference(first / "model/bundle")
    other = {"user": "nobody-else", "brand": row["brand"]}

    def category(user: str) -> str:
        request = {"description": row["brand"], "amount": 12.0, "user_id": user}
        return str(inference.predict_batch([request], {})[0]["category"])

    wanted = next(name for name in inference.classes if name != category(other["user"]))
    inference.corrections.learn(row["user"], row["brand"], wanted)
    inference.corrections.learn(row["user"], row["brand"], wanted)

    assert category(row["user"]) == wanted
    assert category(other["user"]) != wanted


def test_only_labels_after_the_fit_and_known_by_then_are_remembered() -> None:
    transactions = WORLD.transactions(FIRST_DAY, LAST_DAY).to_pandas()
    labels = WORLD.category_labels(FIRST_DAY, LAST_DAY, until=LAST_DAY).to_pandas()
    dataset = from_tables(transactions, labels)
    fit_end = int(dataset.timestamp[0]) // DAY_SECONDS * DAY_SECONDS + 40 * DAY_SECONDS
    moment = fit_end + 5 * DAY_SECONDS

    remembered = remember(dataset, fit_end, moment)

    expected = {
        (dataset.user(int(row)), brand_key(dataset.transactions[row].descriptor))
        for row in np.flatnonzero(
            (dataset.timestamp >= fit_end) & (dataset.known_timestamp < moment)
        )
    }
    assert set(remembered.own) == expected
    assert expected


def test_a_missing_column_stops_the_job_and_says_so(first: Path, tmp_path: Path) -> None:
    shutil.copytree(first / "input", tmp_path / "input")
    for path in (tmp_path / "input/data/category_labels").iterdir():
        path.unlink()
    (tmp_path / "input/data/category_labels/bad.csv").write_text("transaction_id\nt1\n")

    finished = run_job("categorization", tmp_path, as_of=AS_OF)

    assert finished.returncode == 1
    failure = (tmp_path / "output/failure").read_text()
    assert failure.startswith("DataValidationError")
    assert "category" in failure
