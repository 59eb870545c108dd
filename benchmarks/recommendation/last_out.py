"""The leave-the-last-out protocol: tune on validation, fit again, measure once on the test."""

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import ParameterGrid

from benchmarks.recommendation.baselines import BASELINES, Scorer
from benchmarks.recommendation.ratings import Division, Ratings
from benchmarks.tables import read_table, require_columns
from mlops_platform.errors import DataValidationError
from mlops_platform.models.recommendation.hybrid import HybridRecommender
from mlops_platform.models.recommendation.parts import taken
from mlops_platform.models.recommendation.selection import HybridSearch
from mlops_platform.training.ranking_metrics import RankedHits, top_items

K: Final = 20
# Scores held at one time.
_MAX_SCORES: Final = 10_000_000


def measure(ratings: Ratings, features: sparse.csr_matrix | None) -> dict[str, Any]:
    """Tune and test every model; `features` are the items' properties, where known."""
    validation, test = ratings.validation(), ratings.test()
    results: dict[str, Any] = {}
    for name, (model, grid) in BASELINES.items():
        started = time.process_time()
        plain = Division(taken(validation.places), validation.relevant)
        recalls = [
            (judged(model(**point).fit(plain.places), plain).recall(K), point)
            for point in ParameterGrid(grid)
        ]
        recall, point = max(recalls, key=lambda tried: tried[0])
        seen = Division(taken(test.places), test.relevant)
        hits = judged(model(**point).fit(seen.places), seen)
        results[name] = _reported(name, hits, point, recall, started)
    started = time.process_time()
    search = HybridSearch(validation.places, validation.relevant, features)
    blend = search.best()
    hybrid = HybridRecommender(**blend).fit(test.places, features)
    results["ours"] = _reported("ours", judged(hybrid, test), blend, search.recall(blend), started)
    for result in results.values():
        result["lift_over_popularity"] = _lift(result, results["popularity"])
    return {"ours": results.pop("ours"), **results, "n_users": int(_asked(test).sum())}


def judged(model: Scorer, division: Division) -> RankedHits:
    """Rank the unseen items for every user with a held-out stretch, some users at a time."""
    users = np.flatnonzero(_asked(division))
    step = max(1, _MAX_SCORES // division.places.shape[1])
    top = [
        top_items(model.scores(division.places[some]), division.places[some], K)
        for some in (users[start : start + step] for start in range(0, len(users), step))
    ]
    return RankedHits.from_top_items(np.vstack(top), division.relevant[users])


def item_features(path: Path, item_column: str, item_ids: pd.Index) -> sparse.csr_matrix:
    """Return 0/1 properties of shape (n_items, n_tags) from an item table's text columns.

    Values are divided at ``|``. A column counts if its tags come twice on average: titles, which
    hardly do, are no property. Items that the table does not know have none.

    Raises
    ------
    DataValidationError
        The table has no such column, none of the items, or no property of theirs.
    """
    table = read_table(path)
    require_columns(table, path, [item_column], "--item-column")
    items = table.drop_duplicates(item_column).set_index(item_column)
    if not items.index.isin(item_ids).any():
        raise DataValidationError(
            f"{path} knows none of the items of --data: {item_column} must hold the same "
            f"identifiers, such as {item_ids[0]}, and has {items.index[0]}."
        )
    texts = items.select_dtypes(include=["object", "string", "category"])
    tags = [
        texts[name].fillna("").astype("str").str.get_dummies("|").reindex(item_ids, fill_value=0)
        for name in texts.columns
        if _is_shared(texts[name])
    ]
    if not tags:
        raise DataValidationError(
            f"{path} has no text column whose values several items share; leave --items out."
        )
    return sparse.csr_matrix(np.hstack([one.to_numpy(np.float32) for one in tags]))


def _is_shared(column: pd.Series) -> bool:
    tags = column.dropna().astype("str").str.split("|").explode()
    return 2 * tags.nunique() <= len(tags)


def _asked(division: Division) -> NDArray[np.bool_]:
    return np.asarray(np.diff(division.relevant.indptr) > 0)


def _reported(
    name: str, hits: RankedHits, point: dict[str, Any], recall: float, started: float
) -> dict[str, Any]:
    result = {
        "hr_10": hits.hit_rate(10),
        "recall_20": hits.recall(20),
        "ndcg_10": hits.ndcg(10),
        "validation_recall_20": recall,
        "hyperparameters": point,
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    print(
        f"{name:13} HR@10 {result['hr_10']:.3f}  recall@20 {result['recall_20']:.3f}  "
        f"NDCG@10 {result['ndcg_10']:.3f}  {result['cpu_seconds']:.0f} CPU s  {point}",
        flush=True,
    )
    return result


def _lift(result: dict[str, Any], popularity: dict[str, Any]) -> dict[str, float | None]:
    """Return the ratios to popularity, None where popularity finds nothing."""
    return {
        name: result[name] / popularity[name] if popularity[name] else None
        for name in ("hr_10", "recall_20", "ndcg_10")
    }
