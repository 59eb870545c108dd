"""Search by Optuna's tree-structured Parzen estimator on one time-ordered validation window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import optuna

from mlops_platform.training.search import Candidate

N_TRIALS: Final = 20
_ALGORITHM: Final = "algorithm"


@dataclass(frozen=True)
class Range:
    """From where to where one hyperparameter is searched; whole numbers if both ends are.

    Parameters
    ----------
    low, high
        Both included.
    log
        Whether equal ratios, rather than equal steps, are equally likely.
    """

    low: float
    high: float
    log: bool = False

    def suggest(self, trial: optuna.Trial, name: str) -> float:
        """Let a trial choose a value."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.log)
        return trial.suggest_float(name, self.low, self.high, log=self.log)


# What is searched of each algorithm, by its hyperparameters' names.
Spaces = Mapping[str, Mapping[str, Range]]


def search_optuna(
    spaces: Spaces,
    known: Candidate,
    score: Callable[[str, dict[str, Any]], float],
    *,
    random_state: int,
    n_trials: int = N_TRIALS,
) -> list[Candidate]:
    """Score points that promise to be better than those before; return all, the best first.

    One trial follows the other, so that the same seed tries the same points.

    Parameters
    ----------
    spaces
        What to search.
    known
        A point that has been scored already, such as a grid's best: no answer is worse than it.
    score
        Fits one point and returns its metric on validation; higher is better.
    random_state
        Seed of the sampler.
    n_trials
        How many points are tried.

    References
    ----------
    .. [1] Bergstra et al. 2011, "Algorithms for hyper-parameter optimization".
    """
    sampler = optuna.samplers.TPESampler(seed=random_state)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    candidates = [known]
    for _ in range(n_trials):
        trial = study.ask()
        algorithm = trial.suggest_categorical(_ALGORITHM, list(spaces))
        chosen = {
            # Two algorithms may give one name different ranges.
            name: space.suggest(trial, f"{algorithm}.{name}")
            for name, space in spaces[algorithm].items()
        }
        reached = score(algorithm, chosen)
        study.tell(trial, reached)
        candidates.append(Candidate(algorithm, chosen, known.metric, reached))
    return sorted(candidates, key=lambda candidate: -candidate.score)
