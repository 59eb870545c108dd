"""Search by Optuna's tree-structured Parzen estimator on one time-ordered validation window."""

from collections.abc import Callable
from typing import Any, Final

import optuna

from mlops_platform.config.search_space import ALGORITHM, Range, Spaces
from mlops_platform.training.search import Candidate

N_TRIALS: Final = 20


def _suggested(trial: optuna.Trial, name: str, searched: Range) -> float:
    low, high, log = searched.low, searched.high, searched.log
    if searched.is_whole:
        return trial.suggest_int(name, int(low), int(high), log=log)
    return trial.suggest_float(name, low, high, log=log)


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
        algorithm = trial.suggest_categorical(ALGORITHM, list(spaces))
        chosen = {
            # Two algorithms may give one name different ranges.
            name: _suggested(trial, f"{algorithm}.{name}", searched)
            for name, searched in spaces[algorithm].items()
        }
        reached = score(algorithm, chosen)
        study.tell(trial, reached)
        candidates.append(Candidate(algorithm, chosen, known.metric, reached))
    return sorted(candidates, key=lambda candidate: -candidate.score)
