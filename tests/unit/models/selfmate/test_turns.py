"""What a turn leans on: the question before, what was spoken of in it, or nothing."""

from datetime import date

import pytest

from mlops_platform.models.selfmate.dialogue import Reply, reply
from mlops_platform.models.selfmate.intents import Intent
from mlops_platform.models.selfmate.known_spans import known_spans, merged
from mlops_platform.models.selfmate.reading import Reading, Slot
from mlops_platform.models.selfmate.session import Session
from mlops_platform.models.selfmate.tools.ledger import Goal, Ledger, Purchase

TODAY = date(2025, 5, 14)
NOTHING = Session()
LEDGER = Ledger(
    purchases=(
        Purchase(date(2025, 3, 3), 1_000, "BODEN CAFE", "eating_out"),
        Purchase(date(2025, 3, 9), 3_000, "BODEN CAFE", "eating_out"),
        Purchase(date(2025, 3, 20), 500, "CITY RAIL", "transport"),
        Purchase(date(2025, 5, 2), 700, "CITY RAIL", "transport"),
    ),
    goals=(Goal("holiday", 90_000, 30_000, date(2026, 5, 1)),),
)


def said(
    text: str, intent: str, session: Session = NOTHING, *, runner_up: str = "", oos: bool = False
) -> Reply:
    """The answer to a text whose intent was read so, and whose names by grammar and ledger."""
    spans = merged([], known_spans(text, LEDGER))
    slots = tuple(Slot(each.name, text[each.start : each.end], *each[:2]) for each in spans)
    read = Intent(intent, 1.0, 0.0, float(oos), is_out_of_scope=oos, runner_up=runner_up)
    return reply(Reading(text, read, slots, 0), session, LEDGER, TODAY, lambda *_: None)


@pytest.fixture
def march() -> Session:
    return said("How much did I spend at Boden Cafe in March?", "spending").session


def test_a_word_that_stands_for_what_was_spoken_of_means_it(march: Session) -> None:
    count = said("How many purchases was that?", "purchase_count", march)
    largest = said("What was the biggest of those?", "largest_purchase", march)
    there = said("When was I there last?", "latest_purchase", march)

    assert count.text == "You made 2 purchases at Boden Cafe in March 2025."
    assert "£30.00" in largest.text
    assert "9 March 2025" in there.text


def test_a_new_question_leaves_the_one_before_behind(march: Session) -> None:
    assert said("How many purchases were there?", "purchase_count", march).text == (
        "You made 1 purchase in May 2025."
    )
    assert said("All that I spent?", "spending", march).session.arguments.merchant is None


def test_purchases_that_were_spoken_of_are_no_goal(march: Session) -> None:
    progress = said("How far am I with that and those?", "goal_progress", march)

    assert progress.session.arguments.merchant is None
    assert "£300.00 of £900.00" in progress.text


def test_what_leans_on_nothing_is_read_as_a_question_of_its_own() -> None:
    alone = said("In March, Boden Cafe?", "follow_up", runner_up="spending")

    assert (alone.intent, alone.is_answered) == ("spending", True)
    assert "£40.00" in alone.text


@pytest.mark.parametrize(("runner_up", "oos"), [("greeting", False), ("spending", True)])
def test_what_no_tool_could_mean_is_asked_back(runner_up: str, oos: bool) -> None:
    asked = said("Boden Cafe?", "follow_up", runner_up=runner_up, oos=oos)

    assert asked.text.startswith("What would you like to know")
    assert not asked.is_answered
