import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import ParameterGrid

from benchmarks.recommendation.baselines import BASELINES
from benchmarks.recommendation.cross_sell import Asked
from benchmarks.recommendation.customers import simulated_customers
from benchmarks.recommendation.last_out import item_features
from benchmarks.recommendation.ownership import MIN_USERS, Ownership
from benchmarks.recommendation.ratings import Columns, Ratings
from mlops_platform.errors import DataValidationError

COLUMNS = Columns("userId", "movieId")


def ratings_table(n_users: int, n_each: int) -> pd.DataFrame:
    """Return ratings of users who like one half of 80 items, shuffled."""
    random = np.random.default_rng(0)
    rows = [
        (user, 7 * (item + 40 * (user % 2)), time)
        for user in range(n_users)
        for time, item in enumerate(random.choice(40, n_each, replace=False))
    ]
    table = pd.DataFrame(rows, columns=["userId", "movieId", "timestamp"])
    return table.sample(frac=1.0, random_state=0)


def written(table: pd.DataFrame, path: Path) -> Path:
    table.to_parquet(path)
    return path


def result_of(*options: str) -> dict[str, Any]:
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.recommendation", *options],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    result: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return result


def test_the_last_ten_are_the_test_and_the_ten_before_them_validation(tmp_path: Path) -> None:
    table = ratings_table(4, 25)
    ratings = Ratings.read(written(table, tmp_path / "ratings.parquet"), COLUMNS)
    validation, test = ratings.validation(), ratings.test()
    for user in range(4):
        ordered = table[table.userId == user].sort_values("timestamp").movieId
        items = ratings.item_ids.get_indexer(pd.Index(ordered))
        assert set(test.relevant[user].indices) == set(items[-10:])
        assert set(validation.relevant[user].indices) == set(items[-20:-10])
        assert test.places[user].toarray()[0, items[:15]].tolist() == list(range(15, 0, -1))
        assert validation.places[user].toarray()[0, items[:5]].tolist() == [5, 4, 3, 2, 1]
        assert (validation.places[user].nnz, test.places[user].nnz) == (5, 15)


def test_equal_timestamps_are_ordered_by_item(tmp_path: Path) -> None:
    table = ratings_table(1, 21).assign(timestamp=5)
    ratings = Ratings.read(written(table, tmp_path / "ratings.parquet"), COLUMNS)
    assert sorted(ratings.test().relevant[0].indices) == list(range(11, 21))


def test_users_with_too_few_ratings_are_learnt_from_and_not_asked(tmp_path: Path) -> None:
    short = ratings_table(1, 12).assign(userId=99)
    table = pd.concat([ratings_table(2, 25), short])
    ratings = Ratings.read(written(table, tmp_path / "ratings.parquet"), COLUMNS)
    validation, test = ratings.validation(), ratings.test()
    assert np.diff(validation.relevant.indptr).tolist() == [10, 10, 0]
    assert np.diff(test.relevant.indptr).tolist() == [10, 10, 10]
    # What the test asks is not learnt from for validation either.
    assert validation.places[2].nnz == test.places[2].nnz == 2


def test_without_timestamps_the_order_of_the_rows_is_the_order_in_time(tmp_path: Path) -> None:
    table = ratings_table(3, 25)
    ordered = table.sort_values("timestamp", kind="stable")
    path = written(ordered.drop(columns="timestamp"), tmp_path / "ratings.parquet")
    ratings = Ratings.read(path, COLUMNS)
    dated = Ratings.read(written(table, tmp_path / "dated.parquet"), COLUMNS)
    assert ratings.table["item"].tolist() == dated.table["item"].tolist()


def test_timestamps_may_be_dates_with_the_day_first(tmp_path: Path) -> None:
    table = ratings_table(2, 25)
    days = pd.Timestamp("2024-01-20") + pd.to_timedelta(table["timestamp"], unit="D")
    texts = table.assign(timestamp=days.dt.strftime("%d/%m/%Y"))
    by_text = Ratings.read(written(texts, tmp_path / "texts.parquet"), COLUMNS)
    by_number = Ratings.read(written(table, tmp_path / "numbers.parquet"), COLUMNS)
    assert by_text.table["item"].tolist() == by_number.table["item"].tolist()


def test_an_interaction_that_lacks_something_is_located(tmp_path: Path) -> None:
    table = ratings_table(2, 25).astype({"movieId": "float"}).reset_index(drop=True)
    table.loc[[3, 8], "movieId"] = np.nan
    path = written(table, tmp_path / "ratings.parquet")
    with pytest.raises(DataValidationError, match=r"2 rows lack .* the first is row 4"):
        Ratings.read(path, COLUMNS)


def test_an_item_table_of_other_identifiers_is_refused(tmp_path: Path) -> None:
    path = written(pd.DataFrame({"movieId": ["m1"], "genres": ["a"]}), tmp_path / "items.parquet")
    with pytest.raises(DataValidationError, match="knows none of the items of --data"):
        item_features(path, "movieId", pd.Index([1, 2]))


def test_a_grid_is_every_combination() -> None:
    assert list(ParameterGrid({})) == [{}]
    sizes = {name: len(ParameterGrid(grid)) for name, (_, grid) in BASELINES.items()}
    assert sizes == {"popularity": 1, "item_knn": 12, "implicit_als": 12, "ease": 7}


def test_genres_are_properties_and_titles_are_not(tmp_path: Path) -> None:
    movies = pd.DataFrame({"movieId": [1, 2, 3, 4, 5], "title": list("abcde")})
    movies["genres"] = ["Drama|Comedy", "Drama", "Drama", "Drama", "Drama"]
    path = written(movies, tmp_path / "movies.parquet")
    features = item_features(path, "movieId", pd.Index([2, 1, 77]))
    assert features.toarray().tolist() == [[0, 1], [1, 1], [0, 0]]


def test_ratings_end_with_every_model_beside_ours(tmp_path: Path) -> None:
    data = written(ratings_table(40, 25), tmp_path / "ratings.parquet")
    result = result_of("--data", str(data))
    for name in ("ours", *BASELINES):
        assert {"hr_10", "recall_20", "ndcg_10", "lift_over_popularity"} < result[name].keys()
    assert result["popularity"]["lift_over_popularity"]["recall_20"] == 1.0
    # Each user's half of the catalogue has 25 items that they do not have: the list is full of it.
    assert result["ours"]["recall_20"] > 1.5 * result["popularity"]["recall_20"]


def test_one_owned_product_is_hidden_each_as_likely() -> None:
    owned = np.tile(np.array([1, 0, 1, 1], dtype=np.float32), (3_000, 1))
    users = Ownership(np.zeros((3_000, 1), dtype=np.float32), owned)
    asked = Asked.hide_one(users, np.random.default_rng(0))
    assert (asked.shown.sum(axis=1) == 2).all()
    assert (asked.shown[np.arange(3_000), asked.hidden] == 0).all()
    shares = np.bincount(asked.hidden, minlength=4) / 3_000
    np.testing.assert_allclose(shares, [1 / 3, 0, 1 / 3, 1 / 3], atol=0.03)


def test_products_are_the_columns_of_0_and_1_and_the_rest_become_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "id": ["u1", "u2", "u3", "u4"] * 100,
            "joined": ["03/01/1970", "1/2/1970", "01/01/1970", "2/1/1970"] * 100,
            "age": [30.0, None, 50.0, 60.0] * 100,
            "kind": ["a", "b", "a", "a"] * 100,
            "card": [1, 0, 0, 1] * 100,
            "loan": [1, 1, 0, 0] * 100,
        }
    )
    table["id"] += table.index.astype(str)
    users = Ownership.read(written(table, tmp_path / "table.parquet"), None, None)
    # The third of each four owns nothing.
    assert users.owned[:3].tolist() == [[1, 1], [0, 1], [1, 0]]
    expected = [[2, 30, 1, 0], [31, np.nan, 0, 1], [1, 60, 1, 0]]
    np.testing.assert_array_equal(users.columns[:3], np.array(expected, dtype=np.float32))


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = written(pd.DataFrame({"a": [0, 1], "b": [1, 0]}), tmp_path / "table.parquet")
    with pytest.raises(DataValidationError, match="no column c; its columns are a, b"):
        Ownership.read(path, ("c",), None)
    with pytest.raises(DataValidationError, match="no column movieId, userId"):
        Ratings.read(path, COLUMNS)
    with pytest.raises(DataValidationError, match="no column t; its columns are a, b"):
        Ratings.read(path, Columns("a", "b", ("t",)))


def test_products_that_are_named_may_be_counts_words_or_missing(tmp_path: Path) -> None:
    table = pd.DataFrame({"card": ["Yes", "no", "no"], "loan": [None, 3, 0], "age": [1, 0, 1]})
    path = tmp_path / "table.csv"
    pd.concat([table] * MIN_USERS).to_csv(path, index=False)
    users = Ownership.read(path, None, ("card", "loan"))
    assert users.owned[:2].tolist() == [[1, 0], [0, 1]]
    assert users.columns[:2].tolist() == [[1], [0]]
    with pytest.raises(DataValidationError, match="0 numeric column of 0 and 1 alone"):
        Ownership.read(path, ("age",), None)


def test_without_user_columns_content_knows_what_is_popular(tmp_path: Path) -> None:
    owned = (np.random.default_rng(0).random((200, 4)) < [0.9, 0.6, 0.4, 0.3]).astype(int)
    path = tmp_path / "products.csv"
    pd.DataFrame(owned, columns=list("abcd")).to_csv(path, index=False)
    result = result_of("--task", "cross-sell", "--data", str(path))
    assert result["content"] == result["popularity"]


def test_too_few_users_are_refused_in_one_line(tmp_path: Path) -> None:
    path = written(pd.DataFrame({"a": [1, 0], "b": [0, 1]}), tmp_path / "table.parquet")
    with pytest.raises(DataValidationError, match="2 users who own a product; at least"):
        Ownership.read(path, None, None)


def test_cross_sell_ends_with_the_single_sources_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    simulated_customers(1_500, 6, by_columns=1.5, by_products=1.5).to_parquet(path)
    result = result_of("--task", "cross-sell", "--data", str(path))
    for name in ("ours", "popularity", "ease", "content"):
        accuracy = result[name]["accuracy_1"]
        lift = result[name]["lift_over_popularity"]
        assert lift == pytest.approx(accuracy / result["popularity"]["accuracy_1"])
    assert result["accuracy_1"] == result["ours"]["accuracy_1"]
    assert result["accuracy_1"] >= result["popularity"]["accuracy_1"]
