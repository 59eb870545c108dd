"""Three heads that read an intent off the same text, and what each makes of it.

They err on different texts: n-grams know the words of this domain, the encoder the meaning of words
never seen here; near its training texts a kernel follows bends that a plane cannot. The mean of
their scores is better than any of them.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from mlops_platform.models.selfmate.intent_rows import IntentRows

Floats = NDArray[np.float64]
# The label of a training row that belongs to no intent.
NO_INTENT: Final = -1

# Chosen by cross-validation on the public benchmark's training part.
_SVM_C: Final = 0.5
_LOGISTIC_C: Final = 10.0
_KERNEL_GAMMA: Final = 1.0
_KERNEL_FEATURES: Final = 3000
_RIDGE: Final = 0.1
# An n-gram seen in one text alone tells nothing about another.
_MIN_TEXTS: Final = 2


class NgramHead:
    """Linear support vector machine on TF-IDF of the n-grams, one intent against the rest.

    Attributes
    ----------
    buckets_ : ndarray of shape (n_kept,)
        The hash buckets that count, ascending.
    tfidf_ : TfidfTransformer
    svm_ : LinearSVC
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, ngrams: csr_array, intents: NDArray[np.int64]) -> Self:
        """Learn from counts (n, n_buckets) and intents (n,)."""
        n_texts = np.bincount(ngrams.indices, minlength=ngrams.shape[1])
        self.buckets_ = np.flatnonzero(n_texts >= min(_MIN_TEXTS, n_texts.max()))
        self.tfidf_ = TfidfTransformer(sublinear_tf=True)
        rows = self.tfidf_.fit_transform(ngrams[:, self.buckets_])
        self.svm_ = LinearSVC(C=_SVM_C, random_state=self.random_state).fit(rows, intents)
        return self

    def decision_function(self, ngrams: csr_array) -> Floats:
        """Return the margins, of shape (n, n_intents)."""
        rows = self.tfidf_.transform(ngrams[:, self.buckets_])
        return np.asarray(self.svm_.decision_function(rows))


class KernelHead:
    """Ridge regression of 0/1 targets on random Fourier features of the embedding.

    Far from every training text its scores fall to a constant, so it also tells what is foreign.
    Rows of no intent have the target 0 everywhere.

    Attributes
    ----------
    fourier_ : RBFSampler
    ridge_ : Ridge

    References
    ----------
    .. [1] Rahimi and Recht 2007, "Random Features for Large-Scale Kernel Machines", section 3.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, embeddings: NDArray[np.float32], intents: NDArray[np.int64]) -> Self:
        """Learn from embeddings (n, hidden) and intents (n,), `NO_INTENT` among them."""
        targets = (intents[:, None] == np.arange(intents.max() + 1)).astype(np.float64)
        self.fourier_ = RBFSampler(
            gamma=_KERNEL_GAMMA, n_components=_KERNEL_FEATURES, random_state=self.random_state
        )
        features = self.fourier_.fit_transform(embeddings.astype(np.float64))
        self.ridge_ = Ridge(alpha=_RIDGE, solver="cholesky").fit(features, targets)
        return self

    def decision_function(self, embeddings: NDArray[np.float32]) -> Floats:
        """Return the regressed targets, of shape (n, n_intents)."""
        features = self.fourier_.transform(embeddings.astype(np.float64))
        return np.asarray(self.ridge_.predict(features))


@dataclass(frozen=True)
class HeadScores:
    """What the heads say of n texts: three scores of shape (n, n_intents), and the nearness.

    Parameters
    ----------
    ngram, linear, kernel
        Each head's scores; their scales differ.
    nearness
        Cosine of the embedding with the nearest intent's mean embedding, of shape (n,).
    """

    ngram: Floats
    linear: Floats
    kernel: Floats
    nearness: Floats

    def stacked(self) -> Floats:
        """Return the three scores, of shape (3, n, n_intents)."""
        return np.stack([self.ngram, self.linear, self.kernel])


class IntentHeads:
    """The three heads, and the intents' mean embeddings.

    Attributes
    ----------
    ngram_ : NgramHead
    linear_ : LogisticRegression
    kernel_ : KernelHead
    means_ : ndarray of shape (n_intents, hidden)
        Of Euclidean length 1.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, rows: IntentRows, intents: NDArray[np.int64]) -> Self:
        """Learn from rows and intents (n,), 0 … n_intents - 1 or `NO_INTENT`."""
        within = intents != NO_INTENT
        known, labels = rows[within], intents[within]
        self.ngram_ = NgramHead(self.random_state).fit(known.ngrams, labels)
        self.linear_ = LogisticRegression(C=_LOGISTIC_C, max_iter=300)
        self.linear_.fit(known.embeddings.astype(np.float64), labels)
        self.kernel_ = KernelHead(self.random_state).fit(rows.embeddings, intents)
        sums = np.stack([known.embeddings[labels == k].sum(0) for k in range(labels.max() + 1)])
        self.means_ = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return self

    def scores(self, rows: IntentRows) -> HeadScores:
        """Return what the heads say of rows."""
        return HeadScores(
            ngram=self.ngram_.decision_function(rows.ngrams),
            linear=self.linear_.decision_function(rows.embeddings.astype(np.float64)),
            kernel=self.kernel_.decision_function(rows.embeddings),
            nearness=(rows.embeddings @ self.means_.T).max(axis=1).astype(np.float64),
        )
