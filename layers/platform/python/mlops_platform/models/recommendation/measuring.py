"""What the served lists are worth on the test rows, and what the champion's are."""

from typing import Any, Final

import numpy as np

from mlops_platform.models.recommendation.candidates import POPULARITY, fit_candidate
from mlops_platform.models.recommendation.dataset import Choices, RecommendationDataset
from mlops_platform.models.recommendation.fit_rows import FitRows
from mlops_platform.models.recommendation.inference import RecommendationInference
from mlops_platform.models.recommendation.linear_form import Int64s
from mlops_platform.models.recommendation.model_choice import hits, ranked, ranking_metrics
from mlops_platform.training.paired_difference import ACCURACY, paired_difference, user_blocks
from mlops_platform.training.splits import TimeSplit

# From one more than these on, a customer has many products.
FEW: Final = 3


def measure(
    lists: Int64s,
    dataset: RecommendationDataset,
    split: TimeSplit,
    test: Choices,
) -> dict[str, float]:
    """Return the metrics of `served` lists, beside those of the most popular items.

    ``majority_accuracy`` is the accuracy without any knowledge of the user: popularity's.
    """
    metrics = ranking_metrics(lists, test.item)
    rows = FitRows(dataset, split.validation_end)
    popular = ranked(fit_candidate(POPULARITY, {}, rows, 0), test)
    baseline = ranking_metrics(popular, test.item)
    return {
        **metrics,
        "majority_accuracy": baseline["accuracy"],
        **{f"popularity_{name}": value for name, value in baseline.items()},
        **{
            f"{name}_lift": metrics[name] / max(value, 1 / len(test))
            for name, value in baseline.items()
        },
        "n_rows": len(test),
    }


def segments(
    lists: Int64s, dataset: RecommendationDataset, test: Choices
) -> dict[str, dict[str, float]]:
    """Return accuracy by how much a customer had already, with how many rows each part has."""
    hit = hits(lists, test)
    n_owned = np.array([len(each.owned) for each in dataset.customers(test.row)])
    parts = {
        "nothing owned": n_owned == 0,
        f"1 to {FEW} owned": (n_owned > 0) & (n_owned <= FEW),
        f"more than {FEW} owned": n_owned > FEW,
    }
    return {
        name: {"accuracy": float(hit[part].mean()), "n_rows": int(part.sum())}
        for name, part in parts.items()
        if part.any()
    }


def served(
    inference: RecommendationInference, dataset: RecommendationDataset, test: Choices
) -> Int64s:
    """Return the dataset's numbers of what a bundle ranks, -1 for what the dataset has not.

    They are of shape (n, n_places), best first.
    """
    ranking = inference.rank(inference.prepare_customers(dataset.customers(test.row)))
    known = dataset.catalogue.number
    number = np.array([known.get(item, -1) for item in inference.catalogue.item_ids])
    return np.where(ranking.probabilities > 0, number[ranking.items], -1)


def beside_champion(
    champion: RecommendationInference,
    dataset: RecommendationDataset,
    split: TimeSplit,
    test: Choices,
    lists: Int64s,
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the champion's metrics and the paired difference of a candidate to it.

    Parameters
    ----------
    champion
        Its bundle.
    dataset, split, test
        The data, its windows and the test rows.
    lists
        What the candidate has `served` for these rows.
    """
    theirs = served(champion, dataset, test)
    block = user_blocks(dataset.user_ids[dataset.user[test.row]])
    truth = np.ones(len(test), dtype=bool)
    paired = paired_difference(hits(lists, test), hits(theirs, test), truth, block, ACCURACY)
    return measure(theirs, dataset, split, test), paired
