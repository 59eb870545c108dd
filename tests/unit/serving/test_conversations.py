from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mlops_platform.serving.conversations import SESSION, Conversations
from mlops_platform.serving.prediction_request import PredictionRequest


class Memory:
    """A store in a dictionary; it counts how often it is asked, and can be absent."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, Any]] = {}
        self.asked = 0
        self.absent = False

    def read(self, keys: Sequence[str]) -> list[Mapping[str, Any] | None]:
        self.asked += 1
        if self.absent:
            raise TimeoutError
        return [self.kept.get(key) for key in keys]

    def write(self, sessions: Mapping[str, Mapping[str, Any]]) -> None:
        self.asked += 1
        if self.absent:
            raise TimeoutError
        self.kept.update(sessions)


@pytest.fixture
def store() -> Memory:
    return Memory()


@pytest.fixture
def conversations(store: Memory) -> Conversations:
    return Conversations(model_name="assistant", store=store)


def asked(*rows: Any) -> PredictionRequest:
    return PredictionRequest(instances=list(rows), model_version="latest", is_batch=True)


def turn(session_id: str | int, user_id: str = "u1", **rest: Any) -> dict[str, Any]:
    return {"user_id": user_id, "session_id": session_id, **rest}


def test_a_conversation_goes_on_from_what_its_last_turn_returned(
    conversations: Conversations,
) -> None:
    first = conversations.recall(asked(turn("a")))
    assert first.request.instances == [turn("a", session={})]
    conversations.keep(first, [{SESSION: {"said": 1}}])

    second = conversations.recall(asked(turn("a"), turn("b")))

    assert second.request.instances == [turn("a", session={"said": 1}), turn("b", session={})]
    assert second.missing == []
    assert second.seconds > 0


@pytest.mark.parametrize(
    "other", [turn("a", user_id="u2"), turn("b"), {"session_id": "a"}, turn("au1", user_id="")]
)
def test_nobody_else_s_conversation_is_met(
    conversations: Conversations, other: dict[str, Any]
) -> None:
    conversations.keep(conversations.recall(asked(turn("a"))), [{SESSION: {"said": 1}}])

    assert conversations.recall(asked(other)).request.instances[0][SESSION] == {}


def test_another_model_s_conversation_is_another_one(store: Memory) -> None:
    one, other = (Conversations(model_name=name, store=store) for name in ("one", "other"))
    one.keep(one.recall(asked(turn("a"))), [{SESSION: {"said": 1}}])

    assert other.recall(asked(turn("a"))).request.instances[0][SESSION] == {}


def test_a_session_that_is_sent_wins(conversations: Conversations) -> None:
    conversations.keep(conversations.recall(asked(turn("a"))), [{SESSION: {"said": 1}}])

    recalled = conversations.recall(asked(turn("a", session={"said": 7})))

    assert recalled.request.instances == [turn("a", session={"said": 7})]


def test_who_names_no_conversation_is_not_looked_up(
    conversations: Conversations, store: Memory
) -> None:
    rows = [{"user_id": "u1"}, {"session_id": ["no", "name"]}, "no row at all"]

    recalled = conversations.recall(asked(*rows))
    conversations.keep(recalled, [{SESSION: {"said": 1}}, None, None])

    assert recalled.request.instances == rows
    assert store.asked == 0


def test_refused_rows_leave_their_conversation_as_it_is(conversations: Conversations) -> None:
    conversations.keep(conversations.recall(asked(turn("a"))), [{SESSION: {"said": 1}}])
    conversations.keep(conversations.recall(asked(turn("a"))), [None])

    assert conversations.recall(asked(turn("a"))).request.instances[0][SESSION] == {"said": 1}


def test_the_last_turn_of_a_conversation_in_one_request_wins(
    conversations: Conversations,
) -> None:
    recalled = conversations.recall(asked(turn("a"), turn("a")))
    conversations.keep(recalled, [{SESSION: {"said": 1}}, {SESSION: {"said": 2}}])

    assert conversations.recall(asked(turn("a"))).request.instances[0][SESSION] == {"said": 2}


def test_a_store_that_is_not_there_costs_the_thread_and_no_answer(
    conversations: Conversations, store: Memory
) -> None:
    store.absent = True

    recalled = conversations.recall(asked(turn("a")))
    conversations.keep(recalled, [{SESSION: {"said": 1}}])

    assert recalled.missing == [SESSION]
    assert recalled.request.instances == [turn("a", session={})]
    assert store.kept == {}
