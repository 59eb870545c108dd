"""The whole job on a world's utterances, as its container runs it, with a random small encoder.

What the real encoder reaches is measured by `benchmarks.selfmate`; here it is the road that counts.
"""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.data.world.files import write_utterances
from mlops_platform.data.world.world import World
from mlops_platform.errors import RequestValidationError
from mlops_platform.models.selfmate.inference import load_inference
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.serving.golden_check import replay_golden_examples
from tests.unit.models.selfmate.tiny_bert import write_tiny_bert
from tests.unit.models.training_job import evaluation, run_job

FIRST_DAY = date(2025, 1, 6)
LAST_DAY = FIRST_DAY + timedelta(days=14)
AS_OF = "2025-01-21T02:00:00Z"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("weights")
    write_tiny_bert(folder)
    return str(folder)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, weights: str) -> Path:
    root = tmp_path_factory.mktemp("first")
    write_utterances(World(seed=5, n_users=40), root / "input/data", FIRST_DAY, LAST_DAY)
    finished = run_job("selfmate", root, as_of=AS_OF, encoder_weights=weights)
    assert finished.returncode == 0, finished.stderr
    return root


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory, weights: str) -> Path:
    """The same job again, with the first one's bundle as the champion."""
    root = tmp_path_factory.mktemp("second")
    shutil.copytree(first / "input/data", root / "input/data")
    shutil.copytree(first / "model/bundle", root / "input/data/champion")
    finished = run_job(
        "selfmate", root, as_of=AS_OF, encoder_weights=weights, execution_name="another"
    )
    assert finished.returncode == 0, finished.stderr
    return root


def test_the_job_writes_what_the_pipeline_reads(first: Path) -> None:
    report = evaluation(first)

    assert report["model_name"] == "selfmate"
    assert report["champion"] is None
    assert {"accuracy", "macro_f1", "slot_f1", "oos_auroc", "oos_recall"} <= set(report["metrics"])
    # n-grams and grammar alone: the encoder's weights are random.
    assert report["metrics"]["accuracy"] > 0.3
    assert report["contract"]["parity_max_abs_diff"] <= 1e-5
    assert report["contract"]["parity_rows"] == report["metrics"]["n_rows"]
    assert report["data_snapshot"]["last"] < AS_OF


def test_the_same_data_and_seed_make_the_same_bundle(first: Path, second: Path) -> None:
    assert open_bundle(first / "model/bundle").sha256 == open_bundle(second / "model/bundle").sha256


def test_a_champion_that_is_the_same_model_differs_by_nothing(second: Path) -> None:
    report = evaluation(second)

    assert report["champion"]["metrics"] == report["metrics"]
    assert report["champion"]["paired"]["difference"] == 0.0


def test_the_bundle_gives_its_golden_answers(first: Path) -> None:
    replayed = replay_golden_examples(load_inference(first / "model/bundle"), lambda _: {})

    assert replayed["n_examples"] == 5
    assert replayed["max_difference"] <= 1e-6


def test_the_reference_profile_fits_what_serving_records(first: Path) -> None:
    inference = load_inference(first / "model/bundle")
    profile = ReferenceProfile.from_bytes(inference.bundle.reference_profile)
    inputs = inference.prepare([{"text": "How much did I spend?"}, {"message": "Hi"}], {}, [0, 0])

    assert inputs.monitored.shape == (2, len(profile.inputs))
    assert all(profile.score_name in answer for answer in inference.answer(inputs))
    assert len(profile.days) == 15


def test_a_wrong_request_is_refused_with_every_problem(first: Path) -> None:
    inference = load_inference(first / "model/bundle")

    with pytest.raises(RequestValidationError, match="text: missing"):
        inference.validate({"transactions": []})
    with pytest.raises(RequestValidationError, match="longer than 256"):
        inference.validate({"text": "x" * 257})
    with pytest.raises(RequestValidationError, match=r"goals\[0\]\.kind: missing"):
        inference.validate({"text": "Hi", "goals": [{"target_amount": 5}]})
    with pytest.raises(RequestValidationError, match="at most 1000"):
        inference.validate({"text": "Hi", "transactions": [{}] * 1001})


@pytest.mark.parametrize("text", ["", "?", "\u4f60\u597d", "x" * 256, "\U0001f600 £9,,9.9.9"])
def test_any_text_is_answered(first: Path, text: str) -> None:
    inference = load_inference(first / "model/bundle")

    (answer,) = inference.predict_batch([{"text": text}], {})

    assert json.loads(json.dumps(answer, allow_nan=False))["text"]


def test_slots_that_lie_outside_their_text_stop_the_job_and_say_so(
    first: Path, tmp_path: Path, weights: str
) -> None:
    shutil.copytree(first / "input", tmp_path / "input")
    (tmp_path / "input/data/utterances/bad.csv").write_text(
        'text,intent,split,slots\nhello,greeting,train,"[[2, 9, ""goal""]]"\n'
    )

    finished = run_job("selfmate", tmp_path, as_of=AS_OF, encoder_weights=weights)

    assert finished.returncode == 1
    failure = (tmp_path / "output/failure").read_text()
    assert failure.startswith("DataValidationError")
    assert "hello" in failure
