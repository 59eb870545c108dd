"""What the model must beat: the commonest category, a merchant look-up, a text-only SVM."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from benchmarks.categorization.labelled_table import LabelledTable
from benchmarks.categorization.splits import Split
from mlops_platform.models.categorization.text_features import brand_key

Labels = NDArray[np.str_]


def baseline_predictions(table: LabelledTable, split: Split) -> dict[str, Labels]:
    """Return each baseline's predictions of the split's test rows."""
    text = np.array([row.descriptor for row in table.transactions], dtype=object)
    train, test, label = text[split.train], text[split.test], table.label[split.train]
    return {
        "majority": np.full(len(test), _commonest(label)),
        "merchant_lookup": _merchant_lookup(train, label, test),
        "text_svm": _text_svm(train, label, test),
    }


def _commonest(label: Labels) -> str:
    """Return the commonest label, the first in the alphabet of those equally common."""
    values, counts = np.unique(label, return_counts=True)
    return str(values[counts.argmax()])


def _merchant_lookup(
    train: NDArray[np.object_], label: Labels, test: NDArray[np.object_]
) -> Labels:
    """Answer with the merchant's commonest category, for new merchants with the commonest."""
    seen: dict[str, Counter[str]] = {}
    for descriptor, category in zip(train, label, strict=True):
        seen.setdefault(brand_key(descriptor), Counter())[str(category)] += 1
    commonest = {brand: counts.most_common(1)[0][0] for brand, counts in seen.items()}
    fallback = _commonest(label)
    return np.array([commonest.get(brand_key(descriptor), fallback) for descriptor in test])


def _text_svm(train: NDArray[np.object_], label: Labels, test: NDArray[np.object_]) -> Labels:
    """Fit scikit-learn's own n-grams and linear support vector machine on the text alone."""
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    words = TfidfVectorizer(
        token_pattern=r"\w+",  # noqa: S106 - of words, and words of one letter count.
        ngram_range=(1, 2),
        sublinear_tf=True,
    )
    machine = make_pipeline(make_union(characters, words), LinearSVC(random_state=0))
    predicted: Labels = machine.fit(train, label).predict(test)
    return predicted
