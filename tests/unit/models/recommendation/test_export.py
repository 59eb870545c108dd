"""The served graph against its linear form, and against what the words mean."""

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import softmax

from mlops_platform.bundle.session import OnnxGraph
from mlops_platform.models.recommendation.export import to_onnx
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.linear_form import LinearForm
from mlops_platform.models.recommendation.ranking import Ranking
from tests.unit.models.recommendation.small_histories import matrix

N_ITEMS, N_VALUES, N_FACTORS = 9, 4, 3
NOTHING = N_ITEMS
FORMS = ["dense", "factors"]


def made_up(kind: str) -> LinearForm:
    random = np.random.default_rng(5)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return random.normal(size=shape).astype(np.float32)

    factors = kind == "factors"
    return LinearForm(
        left=drawn(N_ITEMS, N_FACTORS) if factors else None,
        right=drawn(N_FACTORS if factors else N_ITEMS, N_ITEMS),
        by_column=drawn(N_VALUES, N_ITEMS),
        bias=drawn(N_ITEMS),
        recency=Recency(1.0),
    )


def asked(form: LinearForm, **feeds: list[Any]) -> Ranking:
    kinds = {"history": np.int64, "weights": np.float32, "columns": np.int64}
    arrays = {name: np.array(feeds[name], dtype=kind) for name, kind in kinds.items()}
    graph = OnnxGraph.from_bytes(to_onnx(form, n_places=6, n_columns=2))
    return Ranking(*graph.run_all(Ranking.OUTPUTS, arrays))


# Items 2, 0 and 5, the newest last; then nobody; then item 8 alone.
HISTORY = [[2, 0, 5], [NOTHING] * 3, [8, NOTHING, NOTHING]]
WEIGHTS: list[list[float]] = [[2 / 11, 3 / 11, 6 / 11], [0, 0, 0], [1, 0, 0]]
COLUMNS = [[1, N_VALUES], [N_VALUES, N_VALUES], [0, 3]]
PLACES = matrix([[2, 0, 3, 0, 0, 1, 0, 0, 0], [0] * 9, [0] * 8 + [1]])


def ranking_of(form: LinearForm) -> Ranking:
    return asked(form, history=HISTORY, weights=WEIGHTS, columns=COLUMNS)


@pytest.mark.parametrize("kind", FORMS)
def test_the_graph_ranks_by_the_softmax_of_the_forms_scores(kind: str) -> None:
    form = made_up(kind)
    scores = form.scores(PLACES, np.array(COLUMNS))
    scores[PLACES.nonzero()] = -np.inf
    expected = softmax(scores, axis=1)

    ranking = ranking_of(form)

    np.testing.assert_array_equal(ranking.items, np.argsort(-expected, axis=1)[:, :6])
    np.testing.assert_allclose(ranking.probabilities, -np.sort(-expected, axis=1)[:, :6], atol=1e-6)


@pytest.mark.parametrize("kind", FORMS)
def test_the_reason_is_the_owned_item_without_which_the_score_falls_most(kind: str) -> None:
    form = made_up(kind)
    weights = np.zeros((1, N_ITEMS), dtype=np.float32)
    weights[0, [2, 0, 5]] = WEIGHTS[0]
    whole = form.right if form.left is None else form.left @ form.right
    ranking = ranking_of(form)

    for place, item in enumerate(ranking.items[0]):
        falls = [weights[0, owned] * whole[owned, item] for owned in (2, 0, 5)]
        assert ranking.reasons[0, place] == np.argmax(falls)
        assert ranking.by_owned[0, place] == pytest.approx(max(falls), abs=1e-6)


@pytest.mark.parametrize("kind", FORMS)
def test_the_columns_part_is_the_sum_of_the_known_values_rows(kind: str) -> None:
    form = made_up(kind)
    ranking = ranking_of(form)

    parts = [form.by_column[1], 0 * form.by_column[1], form.by_column[0] + form.by_column[3]]
    for row, part in enumerate(parts):
        np.testing.assert_allclose(ranking.by_columns[row], part[ranking.items[row]], atol=1e-6)


@pytest.mark.parametrize("kind", FORMS)
def test_what_fills_a_history_up_changes_no_answer(kind: str) -> None:
    form = made_up(kind)
    longer = asked(
        form,
        history=[[*row, NOTHING, NOTHING] for row in HISTORY],
        weights=[[*row, 0, 0] for row in WEIGHTS],
        columns=COLUMNS,
    )
    ranking = ranking_of(form)

    for name in ("items", "probabilities"):
        np.testing.assert_array_equal(getattr(longer, name), getattr(ranking, name))


@pytest.mark.parametrize("kind", FORMS)
def test_who_owns_nearly_everything_is_offered_the_rest_alone(kind: str) -> None:
    history = [[0, 1, 2, 3, 4, 5, 6]]
    ranking = asked(made_up(kind), history=history, weights=[[1 / 7] * 7], columns=[[0, 1]])

    assert sorted(ranking.offered(0, 6).tolist()) == [7, 8]
    assert ranking.probabilities[0].sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("kind", FORMS)
def test_centring_and_nothing_else_leaves_the_probabilities(kind: str) -> None:
    form = made_up(kind)
    before, after = ranking_of(form), ranking_of(form.centred())

    np.testing.assert_array_equal(after.items, before.items)
    np.testing.assert_allclose(after.probabilities, before.probabilities, atol=1e-6)
    whole = form.centred()
    assert np.abs(whole.by_column.mean(axis=1)).max() < 1e-6
    assert not np.allclose(ranking_of(form.scaled(2.0)).probabilities, before.probabilities)


def test_the_larger_part_gives_the_reason() -> None:
    ranking = Ranking(
        items=np.array([[3, 4, 5]]),
        probabilities=np.array([[0.5, 0.3, 0.1]], dtype=np.float32),
        reasons=np.array([[1, 0, 0]]),
        by_owned=np.array([[0.5, 0.2, -0.1]], dtype=np.float32),
        by_columns=np.array([[0.4, 0.3, 0.0]], dtype=np.float32),
    )

    reasons = ranking.reasons_of(0, np.array([0, 1]), ["A", "B"])

    assert list(itertools.islice(reasons, 3)) == [
        "because you have B",
        "popular with customers like you",
        "popular",
    ]
