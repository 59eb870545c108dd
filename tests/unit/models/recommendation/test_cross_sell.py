import numpy as np
import pytest

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.recommendation.boosted_products import BoostedProducts
from mlops_platform.models.recommendation.cross_sell import (
    SHARES,
    CrossSellRecommender,
    best_shares,
    blended,
    first_choice,
)

RANDOM = np.random.default_rng(0)
# Product 0 is everybody's, 1 or 2 goes with the column, 3 goes with 4.
COLUMNS = RANDOM.integers(0, 2, (400, 1)).astype(np.float32)
WITH_COLUMN = np.hstack([np.ones_like(COLUMNS), COLUMNS, 1 - COLUMNS])
OWNED = np.hstack([WITH_COLUMN, np.tile(RANDOM.integers(0, 2, (400, 1)), 2)]).astype(np.float32)


def test_columns_and_owned_products_both_tell() -> None:
    model = CrossSellRecommender(boosted={"n_estimators": 30}).fit(COLUMNS, OWNED)
    columns = np.array([[1], [0], [1]], dtype=np.float32)
    owned = np.array([[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 1, 0, 1, 0]], dtype=np.float32)
    assert first_choice(model.scores(columns, owned), owned).tolist() == [1, 2, 4]


def test_a_user_without_products_is_answered_from_the_columns() -> None:
    model = CrossSellRecommender(shares=(0.0, 1.0, 0.0)).fit(COLUMNS, OWNED)
    columns, nothing = np.array([[1], [0]], dtype=np.float32), np.zeros((2, 5), dtype=np.float32)
    scores = model.scores(columns, nothing)
    assert (scores[0, 1] > scores[0, 2], scores[1, 2] > scores[1, 1]) == (True, True)


def test_the_content_model_does_not_look_at_products() -> None:
    model = BoostedProducts(use_owned=False, n_estimators=5).fit(COLUMNS, OWNED)
    scores = model.scores(COLUMNS, OWNED), model.scores(COLUMNS, 1 - OWNED)
    assert (scores[0] == scores[1]).all()


def test_probabilities_sum_to_one_and_a_product_that_nobody_has_comes_last() -> None:
    owned = np.hstack([OWNED, np.zeros((400, 1), dtype=np.float32)])
    scores = BoostedProducts(n_estimators=5).fit(COLUMNS, owned).scores(COLUMNS, owned)
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1.0, rtol=1e-5)
    assert (scores[:, -1:] < scores[:, :-1]).all()


def test_missing_columns_are_answered() -> None:
    columns = np.where(RANDOM.random(COLUMNS.shape) < 0.2, np.nan, COLUMNS).astype(np.float32)
    model = BoostedProducts(n_estimators=5).fit(columns, OWNED)
    assert np.isfinite(model.scores(columns, OWNED)).all()


def test_more_rows_than_allowed_are_sampled_and_all_the_same_for_the_same_seed() -> None:
    one, same, other = (
        BoostedProducts(n_estimators=3, max_entries=1_000, random_state=seed)
        .fit(COLUMNS, OWNED)
        .scores(COLUMNS, OWNED)
        for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_one_product_is_nothing_to_choose_from() -> None:
    with pytest.raises(TrainingDataError, match="1 products are owned"):
        BoostedProducts().fit(COLUMNS, np.hstack([np.ones_like(COLUMNS), 0 * COLUMNS]))


def test_the_shares_are_those_that_find_the_hidden_product() -> None:
    hidden = RANDOM.integers(0, 5, 50)
    right = np.eye(5, dtype=np.float32)[hidden]
    noise = RANDOM.random((50, 5)).astype(np.float32)
    parts = {"boosted": noise, "content": right, "ease": noise}
    nothing = np.zeros((50, 5), dtype=np.float32)
    shares = best_shares(parts, nothing, hidden)
    assert (first_choice(blended(parts, shares), nothing) == hidden).all()


def test_boosting_alone_is_kept_where_nothing_is_better() -> None:
    hidden = RANDOM.integers(0, 5, 50)
    right = np.eye(5, dtype=np.float32)[hidden]
    parts = dict.fromkeys(("boosted", "content", "ease"), right)
    assert best_shares(parts, np.zeros((50, 5), dtype=np.float32), hidden) == SHARES[0]


def test_owned_products_are_not_chosen() -> None:
    scores, owned = np.array([[[3, 2, 1]], [[1, 0, 0]]], dtype=np.float32)
    assert first_choice(scores, owned).tolist() == [1]
