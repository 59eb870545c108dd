import numpy as np
import onnxruntime
import pytest
from sklearn.metrics import roc_auc_score

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.selfmate.calibration import Blend, ScopeJudge, fitted_sharpness
from mlops_platform.models.selfmate.estimator import MIN_FOREIGN, IntentClassifier
from mlops_platform.models.selfmate.export import INPUTS, OUTPUTS, intent_graph
from mlops_platform.models.selfmate.intent_rows import IntentRows
from mlops_platform.models.selfmate.intents import IntentReader
from mlops_platform.models.selfmate.text_features import N_BUCKETS, hashed_ngrams
from tests.unit.models.selfmate.intent_world import IntentWorld, intent_world

N_INTENTS = 8
TRAIN = intent_world(N_INTENTS, 30, seed=1)
TEST = intent_world(N_INTENTS, 20, seed=2)
FOREIGN = intent_world(6, 20, seed=3, first=50)


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    return IntentClassifier().fit(TRAIN.rows, TRAIN.labels)


def graph_answers(
    classifier: IntentClassifier, world: IntentWorld, texts: list[str]
) -> dict[str, np.ndarray]:
    """Run the exported graph on one batch, its ragged rows filled up."""
    rows = [hashed_ngrams(text) for text in texts]
    width = max(len(row.buckets) for row in rows)
    buckets = np.full((len(rows), width), N_BUCKETS)
    counts = np.ones((len(rows), width), dtype=np.float32)
    for number, row in enumerate(rows):
        buckets[number, : len(row.buckets)] = row.buckets
        counts[number, : len(row.counts)] = row.counts
    session = onnxruntime.InferenceSession(intent_graph(classifier).SerializeToString())
    given = dict(zip(INPUTS, (buckets, counts, world.rows.embeddings), strict=True))
    return dict(zip(OUTPUTS, session.run(list(OUTPUTS), given), strict=True))


def test_intents_are_told_apart(classifier: IntentClassifier) -> None:
    right = classifier.predict(TEST.rows) == TEST.labels

    assert right.mean() > 0.95


def test_confidence_is_what_comes_true(classifier: IntentClassifier) -> None:
    probabilities = classifier.predict_proba(TEST.rows)
    right = classifier.classes_[probabilities.argmax(axis=1)] == TEST.labels

    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert abs(probabilities.max(axis=1).mean() - right.mean()) < 0.08


def test_texts_of_unknown_intents_are_foreign_without_any_example(
    classifier: IntentClassifier,
) -> None:
    known, foreign = classifier.oos_score(TEST.rows), classifier.oos_score(FOREIGN.rows)
    threshold = classifier.scope_.threshold_

    truth = np.repeat([False, True], [len(known), len(foreign)])
    assert roc_auc_score(truth, np.concatenate([known, foreign])) > 0.95
    assert (known >= threshold).mean() < 0.2
    assert (foreign >= threshold).mean() > 0.7


def test_foreign_examples_teach_and_are_no_intent() -> None:
    seen = intent_world(3, 10, seed=5, first=50)
    embeddings = np.concatenate([TRAIN.rows.embeddings, seen.rows.embeddings])
    rows = IntentRows.of([*TRAIN.texts, *seen.texts], embeddings)
    labels = np.concatenate([TRAIN.labels, np.full(len(seen.labels), "none")])

    taught = IntentClassifier(out_of_scope_label="none").fit(rows, labels)

    again = intent_world(3, 20, seed=6, first=50)
    assert "none" not in taught.classes_
    assert (taught.oos_score(again.rows) >= taught.scope_.threshold_).mean() > 0.8


def test_enough_foreign_examples_spare_new_wordings_of_an_intent() -> None:
    seen, judged = intent_world(3, 30, seed=5, first=50), intent_world(3, 20, seed=6, first=50)
    embeddings = np.concatenate([TRAIN.rows.embeddings, seen.rows.embeddings])
    rows = IntentRows.of([*TRAIN.texts, *seen.texts], embeddings)
    labels = np.concatenate([TRAIN.labels, np.full(len(seen.labels), "none")])

    taught = IntentClassifier("none").fit(rows, labels)

    assert len(seen.labels) >= MIN_FOREIGN
    assert taught.validation_["oos_auroc"] > 0.99
    assert (taught.oos_score(judged.rows) >= taught.scope_.threshold_).mean() > 0.9
    assert (taught.oos_score(TEST.rows) >= taught.scope_.threshold_).mean() < 0.05


def test_equal_seeds_give_equal_graphs(classifier: IntentClassifier) -> None:
    again = IntentClassifier().fit(TRAIN.rows, TRAIN.labels)

    first, second = intent_graph(classifier), intent_graph(again)

    assert first.SerializeToString() == second.SerializeToString()


def test_the_graph_answers_as_the_estimator(classifier: IntentClassifier) -> None:
    answers = graph_answers(classifier, TEST, TEST.texts)

    np.testing.assert_allclose(
        answers["probabilities"], classifier.predict_proba(TEST.rows), atol=2e-5
    )
    np.testing.assert_allclose(answers["oos_score"], classifier.oos_score(TEST.rows), atol=2e-4)


def test_a_reader_answers_one_text_as_the_estimator_does(classifier: IntentClassifier) -> None:
    reader = IntentReader.from_bytes(
        intent_graph(classifier).SerializeToString(),
        classifier.classes_.tolist(),
        classifier.scope_.threshold_,
    )
    probabilities = classifier.predict_proba(TEST.rows)
    scores = classifier.oos_score(TEST.rows)

    for number in range(0, len(TEST.texts), 7):
        read = reader.read(TEST.texts[number], TEST.rows.embeddings[number])
        assert read.name == classifier.classes_[probabilities[number].argmax()]
        assert read.probability == pytest.approx(probabilities[number].max(), abs=2e-5)
        assert read.oos_score == pytest.approx(scores[number], abs=2e-4)
        assert read.is_out_of_scope == (read.oos_score >= classifier.scope_.threshold_)


@pytest.mark.parametrize("text", ["", "?", "\u4f60\u597d", "x" * 4000])
def test_a_text_without_any_known_ngram_is_answered(
    classifier: IntentClassifier, text: str
) -> None:
    reader = IntentReader.from_bytes(
        intent_graph(classifier).SerializeToString(), classifier.classes_.tolist(), 0.5
    )

    read = reader.read(text, FOREIGN.rows.embeddings[0])

    assert np.isfinite([read.probability, read.oos_score]).all()


def test_too_few_intents_are_refused() -> None:
    three = intent_world(3, 10, seed=1)

    with pytest.raises(TrainingDataError, match="3 intents; at least 4"):
        IntentClassifier().fit(three.rows, three.labels)


def test_sharpness_finds_the_temperature_that_drew_the_labels() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(20_000, 5))
    odds = np.exp(3 * scores)
    shares = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    intents = (rng.random((20_000, 1)) > shares).sum(axis=1)

    assert fitted_sharpness(scores, intents) == pytest.approx(3, rel=0.03)


def test_a_blend_of_one_head_said_thrice_is_that_head() -> None:
    rng = np.random.default_rng(0)
    intents = rng.integers(4, size=500)
    scores = rng.normal(size=(500, 4)) + 2 * np.eye(4)[intents]

    blend = Blend().fit(np.stack([scores, 10 * scores, scores / 10]), intents)

    whole = blend.factors_ @ [1, 10, 0.1]
    assert whole == pytest.approx(fitted_sharpness(scores, intents), rel=0.01)


def test_the_threshold_keeps_the_allowance_of_false_rejections() -> None:
    rng = np.random.default_rng(0)
    is_foreign = np.repeat([False, True], 2_000)
    signals = rng.normal(size=(4_000, 4)) - 0.3 * is_foreign[:, None]

    judge = ScopeJudge(max_false_rejection=0.05).fit(signals, is_foreign)

    assert (judge.score(signals)[~is_foreign] >= judge.threshold_).mean() <= 0.05
