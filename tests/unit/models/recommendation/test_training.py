"""The whole job on a small world, as its container runs it."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World
from mlops_platform.errors import RequestValidationError
from mlops_platform.models.recommendation.candidates import GRIDS
from mlops_platform.models.recommendation.inference import (
    RecommendationInference,
    load_inference,
)
from mlops_platform.models.recommendation.monitored import NAMES
from mlops_platform.models.recommendation.signature import LIST_LENGTH, MAX_LIST_LENGTH
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.serving.golden_check import replay_golden_examples
from mlops_platform.training.optuna_search import N_TRIALS
from mlops_platform.training.search import grid_points
from tests.unit.models.training_job import evaluation, run_job

FIRST_DAY = date(2025, 1, 6)
LAST_DAY = FIRST_DAY + timedelta(days=69)
AS_OF = "2025-03-17T02:00:00Z"
WORLD = World(seed=5, n_users=500, n_merchants=20)
TABLES = ("interactions", "items", "users")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first")
    for first in (FIRST_DAY, FIRST_DAY + timedelta(days=30)):
        last = min(first + timedelta(days=39), LAST_DAY)
        write_days(WORLD, root / "input/data", first, last, since=FIRST_DAY)
    finished = run_job("recommendation", root, as_of=AS_OF)
    assert finished.returncode == 0, finished.stderr
    return root


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same job again, with the first one's bundle as the champion."""
    root = tmp_path_factory.mktemp("second")
    for table in TABLES:
        shutil.copytree(first / "input/data" / table, root / "input/data" / table)
    shutil.copytree(first / "model/bundle", root / "input/data/champion")
    finished = run_job("recommendation", root, as_of=AS_OF, execution_name="another")
    assert finished.returncode == 0, finished.stderr
    return root


@pytest.fixture(scope="module")
def inference(first: Path) -> RecommendationInference:
    return load_inference(first / "model/bundle")


def answer(inference: RecommendationInference, **features: Any) -> list[dict[str, Any]]:
    inference.validate(features)
    (answered,) = inference.predict_batch([features], {})
    return list(answered["items"])


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["item_id"] for item in items]


def test_the_job_writes_what_the_pipeline_reads(first: Path) -> None:
    report = evaluation(first)

    assert report["model_name"] == "recommendation"
    assert report["champion"] is None
    assert report["contract"]["parity_max_abs_diff"] <= 1e-5
    assert report["contract"]["parity_rows"] == report["metrics"]["n_rows"]
    assert report["data_snapshot"]["last"] < AS_OF
    tried = {candidate["algorithm"] for candidate in report["candidates"]}
    assert {"popularity", "columns", "item_knn", "als", "ease", "hybrid"} < tried


def test_lists_for_a_user_beat_the_most_popular_items(first: Path) -> None:
    report = evaluation(first)
    metrics = report["metrics"]
    score = {each["algorithm"]: each["accuracy"] for each in report["candidates"]}

    assert metrics["accuracy"] > metrics["majority_accuracy"] + 0.1
    assert metrics["accuracy_lift"] > 1.5
    assert metrics["accuracy"] < metrics["hr_10"] < metrics["recall_20"]
    # What is owned tells more than who owns it; a blend of both most.
    assert score["popularity"] < score["ease"]
    assert report["algorithm"] == max(score, key=lambda name: score[name])


def test_the_same_data_and_seed_make_the_same_bundle(first: Path, second: Path) -> None:
    assert open_bundle(first / "model/bundle").sha256 == open_bundle(second / "model/bundle").sha256


def test_a_champion_that_is_the_same_model_differs_by_nothing(second: Path) -> None:
    report = evaluation(second)

    assert report["champion"]["metrics"] == report["metrics"]
    assert report["champion"]["paired"]["metric"] == "accuracy"
    assert report["champion"]["paired"]["difference"] == 0.0
    assert report["champion"]["paired"]["n_blocks"] == 20


def test_the_bundle_gives_its_golden_answers(inference: RecommendationInference) -> None:
    replayed = replay_golden_examples(inference, lambda _: {})

    assert replayed["n_examples"] == 12
    assert replayed["max_difference"] <= 1e-6


def test_the_reference_profile_fits_what_serving_records(
    inference: RecommendationInference,
) -> None:
    profile = ReferenceProfile.from_bytes(inference.bundle.reference_profile)
    rows = [{}, {"owned": ["p001", "unheard of"], "region": "east", "age_band": "150+"}]
    inputs = inference.prepare(rows, {}, [0, 0])
    answers = inference.answer(inputs)

    assert list(profile.inputs) == list(NAMES)
    named = [dict(zip(NAMES, row, strict=True)) for row in inputs.monitored.tolist()]
    assert (named[0]["n_owned"], named[1]["n_owned"]) == (0, 2)
    assert named[1]["known_share"] == 0.5
    assert (named[1]["region"], named[1]["age_band"]) == (0, -1)
    assert all(0 < each[profile.score_name] <= 1 for each in answers)
    # The test window of two weeks and the day of delay before and after it.
    assert len(profile.days) == 16


def test_an_answer_is_the_same_json_however_often_and_with_whom_it_is_asked(
    inference: RecommendationInference,
) -> None:
    rows = [{"owned": inference.catalogue.item_ids[:n]} for n in range(40)]
    requests = [{"owned": list(row["owned"])} for row in rows]
    together = inference.predict_batch(requests, {})
    alone = [inference.predict_batch([request], {})[0] for request in requests]

    assert json.loads(json.dumps(together)) == together
    for one, other in zip(together, alone, strict=True):
        assert ids(one["items"]) == ids(other["items"])
        assert one["confidence"] == pytest.approx(other["confidence"], abs=1e-6)


def test_what_is_owned_is_not_offered(inference: RecommendationInference) -> None:
    owned: list[str] = []
    for _ in range(6):
        offered = ids(answer(inference, owned=owned, n=MAX_LIST_LENGTH))
        assert not set(offered) & set(owned)
        assert len(set(offered)) == len(offered)
        owned += offered[:8]

    assert len(answer(inference, owned=list(inference.catalogue.item_ids))) == 0
    left = inference.catalogue.item_ids[:3]
    assert sorted(ids(answer(inference, owned=list(inference.catalogue.item_ids[3:])))) == sorted(
        left
    )


def test_a_stranger_gets_what_is_popular_and_who_says_more_gets_other_items(
    inference: RecommendationInference,
) -> None:
    stranger = answer(inference)
    told = answer(inference, age_band="18-24", income_band="under 1700", region="wales")

    assert len(stranger) == LIST_LENGTH
    assert {item["reason"] for item in stranger} == {"popular"}
    assert "popular with customers like you" in {item["reason"] for item in told}
    assert ids(told) != ids(stranger)


def test_probabilities_fall_and_add_up_to_the_confidence(
    inference: RecommendationInference,
) -> None:
    (answered,) = inference.predict_batch([{"owned": ["p000"], "n": 7}], {})
    scores = [item["score"] for item in answered["items"]]

    assert len(scores) == 7
    assert scores == sorted(scores, reverse=True)
    assert answered["confidence"] == pytest.approx(sum(scores), abs=1e-6)


def test_items_that_nobody_knows_change_nothing_but_what_is_monitored(
    inference: RecommendationInference,
) -> None:
    known = answer(inference, owned=["p004", "p020"])

    assert answer(inference, owned=["new", "p004", "newer", "p020", 77]) == known
    assert answer(inference, owned=["p020", "p004", "p020"]) == known


def test_a_reason_names_an_owned_item_by_its_title(inference: RecommendationInference) -> None:
    catalogue = inference.catalogue
    owned = list(catalogue.item_ids[::4])
    titles = {catalogue.titles[catalogue.number[item]] for item in owned}
    because = [
        item["reason"].removeprefix("because you have ")
        for item in answer(inference, history=owned)
        if item["reason"].startswith("because you have ")
    ]

    assert because
    assert set(because) <= titles


@pytest.mark.parametrize(
    ("features", "fields"),
    [
        ({"owned": "p001"}, ["owned"]),
        ({"owned": ["p001", None]}, ["owned"]),
        ({"owned": ["p001"], "history": ["p002"]}, ["history"]),
        ({"n": 0}, ["n"]),
        ({"n": 2.5}, ["n"]),
        ({"n": MAX_LIST_LENGTH + 1}, ["n"]),
        ({"n": "5"}, ["n"]),
        ({"age_band": 25, "n": 1e9, "colour": "red"}, ["colour", "age_band", "n"]),
    ],
)
def test_bad_input_is_named_by_its_field(
    inference: RecommendationInference, features: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(RequestValidationError) as refused:
        inference.validate(features)

    assert [problem["field"] for problem in refused.value.problems] == fields


def test_an_interaction_with_an_unlisted_item_stops_the_job_and_says_so(
    first: Path, tmp_path: Path
) -> None:
    for table in TABLES:
        shutil.copytree(first / "input/data" / table, tmp_path / "input/data" / table)
    bad = "user_id,item_id,timestamp\nu1,no such item,2025-02-01T00:00:00Z\n"
    (tmp_path / "input/data/interactions/bad.csv").write_text(bad)

    finished = run_job("recommendation", tmp_path, as_of=AS_OF)

    assert finished.returncode == 1
    failure = (tmp_path / "output/failure").read_text()
    assert failure.startswith("DataValidationError")
    assert "no such item" in failure


def test_optuna_goes_on_where_the_grid_ends(first: Path, tmp_path: Path) -> None:
    for table in TABLES:
        shutil.copytree(first / "input/data" / table, tmp_path / "input/data" / table)

    finished = run_job("recommendation", tmp_path, as_of=AS_OF, search="optuna")

    assert finished.returncode == 0, finished.stderr
    tried = evaluation(tmp_path)["candidates"]
    assert len(tried) == N_TRIALS + sum(1 for _ in grid_points(GRIDS["default"]))
    assert tried[0]["accuracy"] >= evaluation(first)["candidates"][0]["accuracy"]
