"""Contributions are Shapley's: beside XGBoost's own, and beside the definition over coalitions."""

import itertools
import math

import numpy as np
import pytest
import xgboost
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline

from mlops_platform.explanations.forest_leaves import paths_of_forest
from mlops_platform.explanations.tree_paths import Condition, TreePaths
from mlops_platform.explanations.tree_shap import TreeShap
from mlops_platform.explanations.xgboost_leaves import paths_of_booster

N_FEATURES = 7


def rows(n: int, seed: int) -> NDArray[np.float32]:
    draw = np.random.default_rng(seed)
    made = draw.normal(size=(n, N_FEATURES)).astype(np.float32)
    made[:, 3] = np.round(made[:, 3])
    made[draw.random(made.shape) < 0.1] = np.nan
    return made


def answers(given: NDArray[np.float32]) -> NDArray[np.int64]:
    known = np.nan_to_num(given)
    positive = known[:, 0] + known[:, 1] * known[:, 2] > 0.7
    return (positive ^ np.isnan(given[:, 4])).astype(np.int64)


def booster(max_depth: int, n_trees: int) -> xgboost.Booster:
    given = rows(2_000, seed=0)
    model = xgboost.XGBClassifier(
        n_estimators=n_trees, max_depth=max_depth, subsample=0.7, n_jobs=1, random_state=0
    )
    return model.fit(given, answers(given)).get_booster()


def forest(max_depth: int) -> Pipeline:
    given = rows(500, seed=1)
    model = RandomForestClassifier(n_estimators=3, max_depth=max_depth, random_state=0)
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    return make_pipeline(imputer, model).fit(given, answers(given))


@pytest.mark.parametrize(("max_depth", "n_trees"), [(1, 5), (3, 20), (6, 50), (9, 10)])
def test_contributions_are_those_that_xgboost_computes(max_depth: int, n_trees: int) -> None:
    model = booster(max_depth, n_trees)
    shap = TreeShap(paths_of_booster(bytes(model.save_raw("json"))), N_FEATURES)
    given = rows(50, seed=2)

    truth = model.predict(xgboost.DMatrix(given), pred_contribs=True)

    assert shap.expected == pytest.approx(truth[0, -1], abs=1e-4)
    found = np.array([shap.contributions(row) for row in given])
    np.testing.assert_allclose(found, truth[:, :-1], atol=2e-5)


def test_contributions_of_a_booster_add_up_to_its_margin() -> None:
    model = booster(6, 100)
    shap = TreeShap(paths_of_booster(bytes(model.save_raw("json"))), N_FEATURES)
    given = rows(50, seed=3)

    margins = model.predict(xgboost.DMatrix(given), output_margin=True)

    sums = [shap.expected + shap.contributions(row).sum() for row in given]
    np.testing.assert_allclose(sums, margins, atol=1e-4)


@pytest.mark.parametrize("max_depth", [2, 8, 14])
def test_contributions_of_a_forest_add_up_to_its_probability(max_depth: int) -> None:
    model = forest(max_depth)
    shap = TreeShap(paths_of_forest(model), N_FEATURES)
    given = rows(40, seed=4)

    probabilities = model.predict_proba(given)[:, 1]

    sums = [shap.expected + shap.contributions(row).sum() for row in given]
    np.testing.assert_allclose(sums, probabilities, atol=1e-6)


def earned(paths: TreePaths, row: NDArray[np.float32], coalition: set[int]) -> float:
    """What the trees answer when only a coalition's inputs are known, leaf by leaf."""
    total = float(paths.offset)
    for leaf, value in enumerate(paths.value):
        probability = 1.0
        for place, feature in enumerate(paths.feature[:, leaf]):
            x = row[feature]
            holds = bool(paths.lower[place, leaf] <= x < paths.upper[place, leaf])
            if np.isnan(x):
                holds = bool(paths.takes_missing[place, leaf])
            known = int(feature) in coalition
            probability *= float(holds) if known else float(paths.share[place, leaf])
        total += float(value) * probability
    return total


def test_contributions_are_shapley_s_by_definition() -> None:
    paths = paths_of_forest(forest(5))
    shap = TreeShap(paths, N_FEATURES)
    players = set(range(N_FEATURES))

    for row in rows(2, seed=5):
        worth = {
            subset: earned(paths, row, set(subset))
            for size in range(N_FEATURES + 1)
            for subset in itertools.combinations(range(N_FEATURES), size)
        }
        for player, found in enumerate(shap.contributions(row)):
            due = 0.0
            for size in range(N_FEATURES):
                weight = 1.0 / (N_FEATURES * math.comb(N_FEATURES - 1, size))
                for subset in itertools.combinations(sorted(players - {player}), size):
                    joined = tuple(sorted((*subset, player)))
                    due += weight * (worth[joined] - worth[subset])
            assert found == pytest.approx(due, abs=1e-6)


def test_paths_are_read_back_as_they_were_and_are_the_same_bytes() -> None:
    paths = paths_of_booster(bytes(booster(4, 10).save_raw("json")))

    again = TreePaths.from_bytes(paths.to_bytes())

    assert again.to_bytes() == paths.to_bytes()
    row = rows(1, seed=6)[0]
    np.testing.assert_array_equal(
        TreeShap(again, N_FEATURES).contributions(row),
        TreeShap(paths, N_FEATURES).contributions(row),
    )


def test_an_input_that_no_tree_asks_for_contributes_nothing() -> None:
    leaves = [
        (1.0, {2: Condition(upper=0.5, share=0.25)}),
        (3.0, {2: Condition(lower=0.5, share=0.75)}),
    ]
    shap = TreeShap(TreePaths.from_leaves(leaves, offset=10.0), n_features=4)

    assert shap.expected == pytest.approx(12.5)
    row = np.array([9, 9, 0.0, 9], np.float32)
    np.testing.assert_allclose(shap.contributions(row), [0, 0, -1.5, 0])


def test_trees_without_any_condition_are_refused() -> None:
    with pytest.raises(ValueError, match="no input"):
        TreePaths.from_leaves([(0.5, {})], offset=0.0)
