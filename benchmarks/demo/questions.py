"""Requests to the models whose life the demo does not follow further, and the true answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from benchmarks.demo.data import sent_transactions
from benchmarks.demo.plan import FIRST_DAY, WORLD
from benchmarks.demo.traffic import Requests, Timings, send_in_batches, send_singly
from benchmarks.selfmate.askers import askers
from benchmarks.selfmate.reference_answers import answered_right, expected_answer
from mlops_platform.data.dialogues.dialogue import PHRASINGS, draw_dialogue
from mlops_platform.data.world.categories import NAMES
from mlops_platform.models.recommendation.signature import COLUMNS
from mlops_platform.sdk.api_client import ApiClient

# What people ask about goes back so far, and so many conversations are begun.
_DAYS_REMEMBERED: Final = 60
_N_CONVERSATIONS: Final = 200
# People take up few products a day.
_TAKE_UPS_FOLLOWED: Final = timedelta(weeks=3)


@dataclass(frozen=True)
class Questions:
    """Requests, and what the world knows of their answers.

    Parameters
    ----------
    requests
        Features, as many as there are truths.
    truths
        What each answer is held against.
    is_right
        Whether an answer's output is right by its truth.
    """

    requests: Requests
    truths: Sequence[Any]
    is_right: Callable[[dict[str, Any], Any], bool]


@dataclass(frozen=True)
class Questioned:
    """How a model answered.

    Parameters
    ----------
    timings
        The first requests one by one, the rest in batches.
    share_right
        Right answers among all, in [0, 1].
    """

    timings: Timings
    share_right: float

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON's own types."""
        return {**self.timings.to_dict(), "share_right": round(self.share_right, 4)}


def ask_all(api: ApiClient, model: str, questions: Questions, n_single: int) -> Questioned:
    """Ask a model every question, the first `n_single` one by one and timed.

    Raises
    ------
    PredictionsFailedError
        A request was answered otherwise than with predictions.
    """
    timings = Timings()
    requests = questions.requests
    predictions = [
        *send_singly(api, model, requests[:n_single], timings),
        *send_in_batches(api, model, requests[n_single:], timings),
    ]
    outputs = (prediction["prediction"] for prediction in predictions)
    answered = zip(outputs, questions.truths, strict=True)
    n_right = sum(questions.is_right(output, truth) for output, truth in answered)
    return Questioned(timings, n_right / len(requests))


def _categorization(day: date) -> Questions:
    return Questions(
        requests=sent_transactions(day),
        truths=NAMES[WORLD.day(day).category].tolist(),
        is_right=lambda output, category: output["category"] == category,
    )


def _recommendation(day: date) -> Questions:
    """Ask before each of the following weeks' take-ups what it will be."""
    requests, truths = [], []
    customers = {row["user_id"]: row for row in WORLD.users(since=FIRST_DAY).to_pylist()}
    owned: dict[str, list[str]] = {user: [] for user in customers}
    taken = WORLD.interactions(FIRST_DAY, day + _TAKE_UPS_FOLLOWED, since=FIRST_DAY)
    for row in taken.sort_by("timestamp").to_pylist():
        user, item = row["user_id"], row["item_id"]
        if row["timestamp"].date() >= day and item not in owned[user]:
            known = {name: customers[user][name] for name in COLUMNS}
            moment = row["timestamp"].isoformat()
            requests.append(
                {**known, "owned": [*owned[user]], "user_id": user, "timestamp": moment}
            )
            truths.append(item)
        owned[user].append(item)
    return Questions(
        requests=requests,
        truths=truths,
        is_right=lambda output, item: item in (each["item_id"] for each in output["items"]),
    )


def _selfmate(day: date) -> Questions:
    """Let people ask about their own money, in wordings of which none was learnt from.

    What leans on the question before it comes once all first questions are answered, and names
    its conversation only.
    """
    random = np.random.default_rng(WORLD.seed)
    people = askers(WORLD, day, _DAYS_REMEMBERED)
    firsts, seconds = [], []
    for number in range(_N_CONVERSATIONS):
        asker = people[number % len(people)]
        first, *later = draw_dialogue(random, asker.speaker, PHRASINGS["test"])
        firsts.append((number, asker, first))
        seconds += [(number, asker, turn) for turn in later[:1]]
    turns = [*firsts, *seconds]
    return Questions(
        requests=[
            {
                **asker.request(turn.text, {}),
                "user_id": asker.speaker.user_id,
                "session_id": f"conversation-{number}",
            }
            for number, asker, turn in turns
        ],
        truths=[expected_answer(turn.meaning, asker) for _, asker, turn in turns],
        is_right=answered_right,
    )


QUESTIONS: Final[Mapping[str, Callable[[date], Questions]]] = {
    "categorization": _categorization,
    "recommendation": _recommendation,
    "selfmate": _selfmate,
}
