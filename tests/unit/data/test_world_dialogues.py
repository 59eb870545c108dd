"""What people of a world ask: well formed, repeatable, and with held-out wordings."""

import itertools
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mlops_platform.data.dialogues.dialogue import PHRASINGS, draw_dialogue
from mlops_platform.data.dialogues.phrasings.fresh import FRESH
from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet
from mlops_platform.data.dialogues.phrasings.validation import VALIDATION
from mlops_platform.data.dialogues.utterance import FOLLOW_UP
from mlops_platform.data.validation import load_tables
from mlops_platform.data.world.files import write_utterances
from mlops_platform.data.world.world import World

WORLD = World(seed=5, n_users=40)
FIRST, LAST = date(2025, 1, 6), date(2025, 1, 12)


def wordings(phrasings: PhrasingSet) -> set[str]:
    """All templates, in one case and without what ends them."""
    every = itertools.chain(
        *phrasings.templates.values(), *phrasings.follow_ups.values(), phrasings.out_of_scope
    )
    return {re.sub(r"[?.!,]", "", template).casefold() for template in every}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(PHRASINGS, 2)))
def test_no_wording_stands_in_two_splits(one: str, other: str) -> None:
    assert not wordings(PHRASINGS[one]) & wordings(PHRASINGS[other])


def test_the_fresh_wordings_stand_in_no_split_that_is_learnt_from() -> None:
    fresh = wordings(FRESH)

    assert not fresh & wordings(PHRASINGS["train"])
    assert not fresh & wordings(PHRASINGS["validation"])


def test_a_set_without_another_has_lost_its_wordings_alone() -> None:
    rest = VALIDATION.without(replace(VALIDATION, templates={}, follow_ups={}))

    assert rest.out_of_scope == ()
    assert rest.templates == VALIDATION.templates
    assert rest.categories == VALIDATION.categories


@pytest.mark.parametrize("phrasings", PHRASINGS.values(), ids=list(PHRASINGS))
def test_a_wording_names_everything_once(phrasings: PhrasingSet) -> None:
    for template in phrasings.wordings:
        fields = re.findall(r"\{(\w+)\}", template)
        assert len(set(fields) & {"period", "bare", "back"}) <= 1, template
        assert len(set(fields) & {"other", "other_bare"}) <= 1, template
        assert len(set(fields)) == len(fields), template
        assert not {"category", "merchant"} <= set(fields), template


def test_every_split_speaks_of_the_same_intents_and_categories() -> None:
    for name in ("templates", "follow_ups", "categories", "back"):
        assert len({tuple(getattr(each, name)) for each in PHRASINGS.values()}) == 1


def test_the_table_is_valid_and_its_slots_lie_in_the_text(tmp_path: Path) -> None:
    write_utterances(WORLD, tmp_path, FIRST, LAST)
    as_of = datetime(2025, 2, 1, tzinfo=UTC)

    table = load_tables({"utterances": tmp_path / "utterances"}, as_of=as_of)["utterances"]

    for row in table.to_pylist():
        for start, end, name in json.loads(row["slots"]):
            assert row["text"][start:end].strip() == row["text"][start:end] != ""
            assert name in {"category", "merchant", "goal", "period", "amount"}
    assert set(table["split"].to_pylist()) == set(PHRASINGS)


def test_a_longer_world_has_the_same_beginning() -> None:
    alone = WORLD.utterances(FIRST, FIRST)

    assert WORLD.utterances(FIRST, LAST).slice(0, len(alone)).equals(alone)


def test_goals_are_those_that_people_speak_of() -> None:
    today = date(2025, 5, 14)
    kinds: dict[str, set[str]] = {}
    for goal in WORLD.goals(today).to_pylist():
        kinds.setdefault(goal["user_id"], set()).add(goal["kind"])
        assert 0 < goal["saved_amount"] <= goal["target_amount"]
        assert goal["created"].date() < today < goal["deadline"].date()

    assert all(kinds[each.user_id] == set(each.goals) for each in WORLD.speakers(today))


def test_a_follow_up_means_what_came_before_but_for_what_it_says() -> None:
    random = np.random.default_rng(0)
    speaker = WORLD.speakers(date(2025, 5, 14))[0]
    for _ in range(300):
        turns = [
            turn
            for turn in draw_dialogue(random, speaker, PHRASINGS["train"])
            if turn.meaning.intent != "out_of_scope"
        ]
        for before, after in itertools.pairwise(turns):
            assert after.intent == FOLLOW_UP
            assert after.meaning.intent == before.meaning.intent
            assert after.meaning.amount_pounds == before.meaning.amount_pounds
            if "before" in after.text and before.meaning.period and after.meaning.period:
                ends = before.meaning.period.first - timedelta(days=1)
                assert after.meaning.period.last == ends
