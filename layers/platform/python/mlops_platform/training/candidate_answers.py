"""What candidates answered on validation, and how each compares with the best of them."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlops_platform.training.paired_bootstrap import paired_interval
from mlops_platform.training.paired_difference import PairedMetric
from mlops_platform.training.search import Candidate


class CandidateAnswers:
    """Keeps every candidate's answers to the same rows.

    Parameters
    ----------
    truth : of shape (n,)
        What is true of each row.
    block : of shape (n,)
        Which block a row belongs to; see `paired_interval`.
    metric
        What candidates are compared by.
    """

    def __init__(self, truth: NDArray[Any], block: NDArray[np.int64], metric: PairedMetric) -> None:
        self._truth = truth
        self._block = block
        self._metric = metric
        self._answers: dict[str, NDArray[Any]] = {}

    def keep(
        self, algorithm: str, hyperparameters: Mapping[str, Any], answers: NDArray[Any]
    ) -> None:
        """Keep a candidate's scores or answers, of shape (n,)."""
        self._answers[_key(algorithm, hyperparameters)] = answers

    def of(self, candidate: Candidate) -> NDArray[Any]:
        """Return what a candidate answered."""
        return self._answers[_key(candidate.algorithm, candidate.hyperparameters)]

    def beside_best(self, candidates: Sequence[Candidate], *, random_state: int) -> list[Candidate]:
        """Return the candidates, the best first, each other one with its interval.

        All are compared on the same draws.

        Parameters
        ----------
        candidates
            The best first.
        random_state
            Seed of the draws.
        """
        best, *others = candidates
        return [
            best,
            *(
                dataclasses.replace(
                    other,
                    beside_best=paired_interval(
                        self.of(other),
                        self.of(best),
                        self._truth,
                        self._block,
                        self._metric,
                        random_state=random_state,
                    ),
                )
                for other in others
            ),
        ]


def _key(algorithm: str, hyperparameters: Mapping[str, Any]) -> str:
    return repr((algorithm, dict(hyperparameters)))
