"""What people save for: a few goals each, some nearly reached and some just begun."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.people import People
from mlops_platform.data.world.randomness import Stream, stream


@dataclass(frozen=True)
class GoalKind:
    """What people save for, and about what it costs in pounds."""

    name: str
    typical_target: float


KINDS: Final = (
    GoalKind("holiday", 1_500.0),
    GoalKind("new car", 8_000.0),
    GoalKind("house deposit", 25_000.0),
    GoalKind("emergency fund", 3_000.0),
    GoalKind("wedding", 12_000.0),
    GoalKind("laptop", 1_200.0),
)
N_GOALS: Final = 2
TARGET_LOG_SIGMA: Final = 0.35
# Targets and savings are round sums, in pounds.
ROUND_TO: Final = 10
MAX_AGE_DAYS: Final = 365
DEADLINE_DAYS: Final = (60, 1_100)


@dataclass(frozen=True)
class Goals:
    """All goals as columns of shape (n_goals,), those of a person beside each other.

    Parameters
    ----------
    user, kind
        Indices of the people and into `KINDS`; nobody has two of a kind.
    target, saved
        Pounds.
    created, deadline
        Days as ordinals (`date.toordinal`).
    """

    user: NDArray[np.int64]
    kind: NDArray[np.int64]
    target: NDArray[np.float64]
    saved: NDArray[np.float64]
    created: NDArray[np.int64]
    deadline: NDArray[np.int64]


def make_goals(seed: int, people: People, today: date) -> Goals:
    """Draw everybody's goals as they stand on a day.

    Parameters
    ----------
    seed
        The world's.
    people
        Who saves.
    today
        Goals were made within the year before it.
    """
    random = stream(seed, Stream.GOALS)
    n_users = len(people.identifier)
    ranks = random.random((n_users, len(KINDS))).argsort(axis=1)
    kind = ranks[:, :N_GOALS].ravel()
    n = len(kind)
    typical = np.array([each.typical_target for each in KINDS])[kind]
    target = _rounded(typical * np.exp(random.normal(0.0, TARGET_LOG_SIGMA, n)))
    created = today.toordinal() - random.integers(1, MAX_AGE_DAYS, n)
    return Goals(
        user=np.repeat(np.arange(n_users), N_GOALS),
        kind=kind,
        target=target,
        saved=np.minimum(_rounded(target * random.beta(1.5, 2.0, n)), target),
        created=created,
        deadline=today.toordinal() + random.integers(*DEADLINE_DAYS, n),
    )


def _rounded(pounds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(np.rint(pounds / ROUND_TO), 1.0) * ROUND_TO
