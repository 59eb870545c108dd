"""Which intent a text has, and whether it has any that we know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.metrics import roc_auc_score

from mlops_platform.errors import TrainingDataError
from mlops_platform.models.selfmate.calibration import Blend, ScopeJudge, scope_signals
from mlops_platform.models.selfmate.heads import NO_INTENT, HeadScores, IntentHeads
from mlops_platform.models.selfmate.intent_rows import IntentRows

Floats = NDArray[np.float64]
N_FOLDS: Final = 4
# So many foreign texts tell what lies out of scope by themselves.
MIN_FOREIGN: Final = 50
# Each fold hides a class and must leave three for heads that tell one from the rest.
MIN_INTENTS: Final = 4


@dataclass(frozen=True)
class _Judged:
    """Rows that a fold's heads did not learn from."""

    scores: HeadScores
    # Columns of the scores, or NO_INTENT for what the fold's heads cannot know.
    intents: NDArray[np.int64]


class IntentClassifier:
    """Probabilities of intents with a score of being out of scope.

    Parameters
    ----------
    out_of_scope_label
        Label of training rows that belong to no intent; None if there are none. They are not
        needed: where there are fewer than `MIN_FOREIGN`, intents hidden from the heads in turn
        teach what foreign texts look like. Where there are enough, nothing is hidden: heads that
        miss an intent find its texts more foreign than new wordings of it are in service.
    max_false_rejection
        Largest share of texts in scope that may be rejected.
    random_state
        Seed: equal rows and seed give equal models.

    Attributes
    ----------
    classes_ : ndarray of shape (n_intents,)
        The intents, sorted.
    heads_ : IntentHeads
    blend_ : Blend
    scope_ : ScopeJudge
    validation_ : dict
        Accuracy, log loss and area under the ROC curve of `oos_score` over the folds.
    """

    def __init__(
        self,
        out_of_scope_label: str | None = None,
        max_false_rejection: float = 0.1,
        random_state: int = 0,
    ) -> None:
        self.out_of_scope_label = out_of_scope_label
        self.max_false_rejection = max_false_rejection
        self.random_state = random_state

    def fit(
        self,
        X: IntentRows,  # noqa: N803
        y: NDArray[Any],
        groups: NDArray[Any] | None = None,
    ) -> Self:
        """Learn from rows and labels of shape (n,).

        Parameters
        ----------
        X, y
            Rows and labels.
        groups
            What rows have in common beyond their intent, such as a wording, of shape (n,). Rows of
            a group calibrate together: in production nobody speaks as the training rows do. None
            if each row stands for itself.

        Raises
        ------
        TrainingDataError
            There are fewer than `MIN_INTENTS` intents.
        """
        labels = np.asarray(y, dtype=str)
        self.classes_ = np.unique(labels[labels != self.out_of_scope_label])
        if len(self.classes_) < MIN_INTENTS:
            raise TrainingDataError(
                f"The labels name {len(self.classes_)} intents; at least {MIN_INTENTS} are needed "
                "to learn what lies out of scope. Add examples of other intents."
            )
        within = labels != self.out_of_scope_label
        intents = np.where(within, np.searchsorted(self.classes_, labels), NO_INTENT)
        self._calibrate([self._judged(X, intents, *fold) for fold in self._folds(intents, groups)])
        self.heads_ = IntentHeads(self.random_state).fit(X, intents)
        return self

    def predict_proba(self, X: IntentRows) -> Floats:  # noqa: N803
        """Return each intent's probability, given that it is one: (n, n_intents)."""
        return np.asarray(softmax(self.blend_.logits(self.heads_.scores(X).stacked()), axis=1))

    def predict(self, X: IntentRows) -> NDArray[Any]:  # noqa: N803
        """Return the likeliest intents, of shape (n,), whether or not in scope."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def oos_score(self, X: IntentRows) -> Floats:  # noqa: N803
        """Return how foreign rows are, from 0 to 1, of shape (n,)."""
        scores = self.heads_.scores(X)
        return self.scope_.score(scope_signals(scores, self.blend_.logits(scores.stacked())))

    def _folds(
        self, intents: NDArray[np.int64], groups: NDArray[Any] | None
    ) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """Yield masks (n,) of the rows to learn from and of those to judge.

        Each row, with its group, and each intent belongs to one fold. To judge: the fold's rows,
        and, unless foreign rows are plenty, all rows of its intents, which the heads then have
        never seen.
        """
        rng = np.random.default_rng(self.random_state)
        n_intents = len(self.classes_)
        intent_fold = np.append(rng.permutation(n_intents) % N_FOLDS, NO_INTENT)
        if _n_groups(intents == NO_INTENT, groups) >= MIN_FOREIGN:
            intent_fold[:] = NO_INTENT
        row_fold = _dealt(rng, intents) if groups is None else _dealt_groups(rng, intents, groups)
        for fold in range(N_FOLDS):
            judged = (row_fold == fold) | (intent_fold[intents] == fold)
            yield ~judged, judged

    def _judged(
        self,
        rows: IntentRows,
        intents: NDArray[np.int64],
        learnt: NDArray[np.bool_],
        judged: NDArray[np.bool_],
    ) -> _Judged:
        known = np.unique(intents[learnt & (intents != NO_INTENT)])
        column = np.full(len(self.classes_) + 1, NO_INTENT)  # the last one is NO_INTENT's own
        column[known] = np.arange(len(known))
        heads = IntentHeads(self.random_state).fit(rows[learnt], column[intents[learnt]])
        return _Judged(heads.scores(rows[judged]), column[intents[judged]])

    def _calibrate(self, folds: list[_Judged]) -> None:
        """Learn the blend and the scope from what the folds' heads said of rows unknown to them."""
        blends = []
        for fold in folds:
            within = fold.intents != NO_INTENT
            blends.append(Blend().fit(fold.scores.stacked()[:, within], fold.intents[within]))
        self.blend_ = Blend()
        # The folds' intents differ, so their scores cannot be put together; the geometric mean.
        self.blend_.factors_ = np.exp(np.mean([np.log(b.factors_) for b in blends], axis=0))
        logits = [self.blend_.logits(fold.scores.stacked()) for fold in folds]
        signals = np.concatenate(
            [scope_signals(fold.scores, z) for fold, z in zip(folds, logits, strict=True)]
        )
        foreign = np.concatenate([fold.intents == NO_INTENT for fold in folds])
        self.scope_ = ScopeJudge(self.max_false_rejection).fit(signals, foreign)
        self.validation_ = {
            "accuracy": float(np.mean(np.concatenate(_hits(folds, logits)))),
            "oos_auroc": float(roc_auc_score(foreign, self.scope_.score(signals))),
            **{
                f"oos_auroc_{name}": float(roc_auc_score(foreign, -signal))
                for name, signal in zip(_SIGNALS, signals.T, strict=True)
            },
        }


def _n_groups(rows: NDArray[np.bool_], groups: NDArray[Any] | None) -> int:
    """Return how many groups have rows that a mask (n,) chooses."""
    return int(rows.sum()) if groups is None else len(np.unique(groups[rows]))


def _dealt(rng: np.random.Generator, intents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Deal rows to folds, those of an intent evenly; return each row's fold, of shape (n,)."""
    order = np.lexsort([rng.random(len(intents)), intents])
    fold = np.empty(len(intents), dtype=np.int64)
    fold[order] = np.arange(len(intents)) % N_FOLDS
    return fold


def _dealt_groups(
    rng: np.random.Generator, intents: NDArray[np.int64], groups: NDArray[Any]
) -> NDArray[np.int64]:
    """Deal groups to folds, those of an intent evenly; return each row's fold, of shape (n,)."""
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    return np.asarray(_dealt(rng, intents[first])[group])


_SIGNALS: Final = ("probability", "ngram_margin", "kernel_score", "nearness")


def _hits(folds: list[_Judged], logits: list[Floats]) -> list[NDArray[np.bool_]]:
    """Return for the rows in scope of each fold whether the likeliest intent was right."""
    return [
        (z.argmax(axis=1) == fold.intents)[fold.intents != NO_INTENT]
        for fold, z in zip(folds, logits, strict=True)
    ]
