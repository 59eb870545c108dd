"""The classifier learns, abstains, repeats itself and survives export."""

from functools import cache

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.categorization.estimator import TransactionClassifier
from mlops_platform.models.categorization.export import to_onnx
from mlops_platform.models.categorization.features import Transaction, hashed_rows
from tests.unit.models.categorization.small_shops import high_street


@cache
def fitted() -> TransactionClassifier:
    transactions, label = high_street(3_000)
    return TransactionClassifier().fit(hashed_rows(transactions), label)


def test_it_comes_close_to_what_the_noise_allows() -> None:
    transactions, label = high_street(2_000, seed=1)
    predicted = fitted().predict(hashed_rows(transactions))

    # A tenth of the labels is drawn anew among four categories: 1 - 0.1 * 3 / 4 is the best.
    assert np.mean(predicted == label) == pytest.approx(0.925, abs=0.015)


def test_a_stall_that_sells_everything_is_told_apart_by_the_card() -> None:
    cards = [Transaction("market stall 5", 30.0, {"card": f"card {card}"}) for card in range(4)]

    assert fitted().predict(hashed_rows(cards)).tolist() == ["books", "food", "fuel", "travel"]


def test_a_new_store_with_known_words_is_recognised() -> None:
    rows = hashed_rows([Transaction("esso garage newtown"), Transaction("tesco cafe")])

    assert fitted().predict(rows).tolist() == ["fuel", "food"]


def test_probabilities_are_calibrated() -> None:
    transactions, label = high_street(4_000, seed=2)
    probabilities = fitted().predict_proba(hashed_rows(transactions))
    right = fitted().classes_[probabilities.argmax(axis=1)] == label

    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-6)
    # Standard error of the accuracy: 0.004.
    assert probabilities.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.015)


def test_a_row_without_anything_gets_finite_probabilities_and_no_answer() -> None:
    probabilities = fitted().predict_proba(hashed_rows([Transaction("")]))

    assert np.isfinite(probabilities).all()
    assert not fitted().answers(probabilities).any()


def test_the_higher_the_coverage_the_lower_the_threshold() -> None:
    transactions, label = high_street(600)
    rows = hashed_rows(transactions)
    thresholds = [
        TransactionClassifier(coverage=coverage).fit(rows, label).threshold_
        for coverage in (0.5, 0.8, 0.95, 1.0)
    ]

    assert thresholds == sorted(thresholds, reverse=True)


def test_the_threshold_lets_about_the_asked_share_be_answered() -> None:
    transactions, _ = high_street(4_000, seed=3)
    answered = fitted().answers(fitted().predict_proba(hashed_rows(transactions)))

    assert answered.mean() == pytest.approx(fitted().coverage, abs=0.05)


def test_the_same_seed_makes_the_same_model() -> None:
    transactions, label = high_street(500)
    rows = hashed_rows(transactions)
    first, second = (TransactionClassifier(random_state=7).fit(rows, label) for _ in range(2))

    assert to_onnx(first) == to_onnx(second)
    assert first.threshold_ == second.threshold_


@pytest.mark.parametrize("n_classes", [2, 3])
def test_any_number_of_categories_from_two_on_is_learned(n_classes: int) -> None:
    transactions, label = high_street(800)
    chosen = np.isin(label, np.unique(label)[:n_classes])
    rows = hashed_rows(transactions).take(chosen)
    model = TransactionClassifier().fit(rows, label[chosen])

    assert model.predict_proba(rows).shape == (chosen.sum(), n_classes)
    assert np.mean(model.predict(rows) == label[chosen]) > 0.9


def test_a_category_with_a_single_row_is_learned_too() -> None:
    transactions, label = high_street(300)
    label = np.append(label, "rare")
    rows = hashed_rows([*transactions, Transaction("zoo", 5.0)])
    model = TransactionClassifier().fit(rows, label)

    assert "rare" in model.classes_
    assert np.isfinite(model.predict_proba(rows)).all()


def test_one_category_alone_is_refused() -> None:
    transactions, _ = high_street(50)

    with pytest.raises(TrainingDataError, match="two categories"):
        TransactionClassifier().fit(hashed_rows(transactions), np.array(["food"] * 50))


def awkward_rows(n: int) -> list[Transaction]:
    transactions, _ = high_street(n, seed=4)
    for position in range(0, n, 10):
        transactions[position] = transactions[position]._replace(amount=float("nan"))
    for position in range(0, n, 15):
        transactions[position] = transactions[position]._replace(descriptor="")
    for position in range(0, n, 20):
        transactions[position] = transactions[position]._replace(context={"card": None})
    return transactions


def run(graph: bytes, transactions: list[Transaction]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    rows = hashed_rows(transactions)
    indices, values = rows.padded()
    n_classes = session.get_outputs()[0].shape[1]
    votes = np.zeros((len(transactions), n_classes), dtype=np.float32)
    inputs = {"indices": indices, "values": values, "brand": rows.brand, "votes": votes}
    (probabilities,) = session.run(["probabilities"], inputs)
    answer: NDArray[np.float32] = probabilities
    return answer


def test_the_graph_answers_as_the_estimator_on_10_000_rows_with_gaps() -> None:
    transactions = awkward_rows(10_000)
    expected = fitted().predict_proba(hashed_rows(transactions))

    assert np.abs(run(to_onnx(fitted()), transactions) - expected).max() <= 1e-5


def test_a_row_alone_gets_what_it_gets_among_others() -> None:
    transactions = awkward_rows(60)
    graph = to_onnx(fitted())
    together = run(graph, transactions)
    alone = np.concatenate([run(graph, [row]) for row in transactions])

    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_the_graph_is_small_enough_for_a_function() -> None:
    assert len(to_onnx(fitted())) < 40e6


def test_it_is_less_sure_of_new_brands_where_it_is_less_often_right() -> None:
    random = np.random.default_rng(5)
    names = ["shop" + "".join(random.choice(list("bcdfghkl"), 5)) for _ in range(300)]
    chosen = random.integers(0, len(names), 3_000)
    # A name says everything about its own shop, and nothing about another one.
    label = np.array(["food", "fuel"])[random.integers(0, 2, len(names))][chosen]
    rows = hashed_rows([Transaction(names[shop]) for shop in chosen])
    model = TransactionClassifier().fit(rows, label)
    known = model.predict_proba(rows).max(axis=1)
    new = model.predict_proba(hashed_rows([Transaction("shopmnpqr"), Transaction("shopvwxyz")]))

    assert known.mean() > 0.95
    assert new.max() < 0.7
