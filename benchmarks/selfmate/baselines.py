"""What simpler models reach on the same texts: accuracy on the test rows that have an intent."""

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.selfmate.texts import LabelledTexts
from mlops_platform.training.classification_metrics import quality

Embeddings = NDArray[np.float32]


def majority(train: LabelledTexts, test: LabelledTexts) -> dict[str, float]:
    """Measure the answer that is always the most frequent intent."""
    names, counts = np.unique(train.labels, return_counts=True)
    return quality(test.labels, np.full(len(test), names[counts.argmax()]))


def tfidf_logistic(train: LabelledTexts, test: LabelledTexts) -> dict[str, float]:
    """Measure logistic regression on TF-IDF of words and pairs of words."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(C=20, max_iter=300),
    )
    return quality(test.labels, model.fit(train.texts, train.labels).predict(test.texts))


def frozen_encoder_logistic(
    train: Embeddings, train_labels: NDArray[np.str_], test: Embeddings, labels: NDArray[np.str_]
) -> dict[str, float]:
    """Measure logistic regression on the frozen encoder's embeddings, of shape (n, hidden)."""
    model = LogisticRegression(C=10, max_iter=300).fit(train, train_labels)
    return quality(labels, model.predict(test))
