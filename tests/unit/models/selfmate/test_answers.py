"""Conversations with the real encoder, in wordings that it has never met.

Its heads learn here from three weeks of utterances, a third of what a training job has; what the
job reaches is printed by ``python -m benchmarks.selfmate.dialogues``.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.selfmate.askers import Asker, askers
from benchmarks.selfmate.dialogues import measured
from mlops_platform.data.world.world import World
from mlops_platform.models.selfmate.dataset import from_table
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from mlops_platform.models.selfmate.export_bundle import draft_inference
from mlops_platform.models.selfmate.head_fit import Encodings, fit_heads
from mlops_platform.models.selfmate.inference import SelfMateInference
from mlops_platform.models.selfmate.quantisation import quantised
from mlops_platform.models.selfmate.weights import EMBEDDED, weights_folder

FIRST_DAY = date(2025, 1, 6)
TODAY = date(2025, 5, 14)
AS_OF = int(datetime(2025, 5, 14, tzinfo=UTC).timestamp())
MIN_ACCURACY = 0.85


@pytest.fixture(scope="module")
def inference(tmp_path_factory: pytest.TempPathFactory) -> SelfMateInference:
    folder = weights_folder(EMBEDDED, Path(tmp_path_factory.mktemp("unused")))
    encoder = quantised(encoder_graph(folder)).SerializeToString()
    tokenizer = (folder / "tokenizer.json").read_bytes()
    said = World(seed=5, n_users=60).utterances(FIRST_DAY, FIRST_DAY + timedelta(days=20))
    heads = fit_heads(
        Encodings(SentenceEncoder.from_bytes(encoder, tokenizer)),
        from_table(said.to_pandas(), AS_OF).of("train", "validation"),
        alpha=10.0,
        max_false_rejection=0.03,
        random_state=0,
    )
    return draft_inference(heads, encoder=encoder, tokenizer=tokenizer, as_of=AS_OF, lineage={})


@pytest.fixture(scope="module")
def people() -> list[Asker]:
    return askers(World(seed=9, n_users=12), TODAY, 120)


def ask(inference: SelfMateInference, asker: Asker, *texts: str) -> list[str]:
    """The answers to the turns of one conversation."""
    session: dict[str, Any] = {}
    answers = []
    for text in texts:
        (answer,) = inference.predict_batch([asker.request(text, session)], {})
        session = answer["session"]
        answers.append(answer["text"])
    return answers


def pounds(asker: Asker, first: str, last: str) -> str:
    """What somebody spent on groceries on some days, by pandas."""
    table = asker.purchases[asker.purchases["category"] == "groceries"]
    days = table["day"].astype(str)
    return f"£{table.loc[(days >= first) & (days <= last), 'minor'].sum() / 100:,.2f}"


def test_held_out_wordings_are_answered_right(
    inference: SelfMateInference, people: list[Asker]
) -> None:
    result = measured(inference, people, 120, "test")

    assert result["answer_accuracy"] >= MIN_ACCURACY, result


def test_and_the_month_before_works(inference: SelfMateInference, people: list[Asker]) -> None:
    asker = max(people, key=lambda each: (each.purchases["category"] == "groceries").sum())

    march, february, still = ask(
        inference,
        asker,
        "How much did I spend on groceries in March?",
        "And the month before?",
        "What is the capital of Peru?",
    )

    assert pounds(asker, "2025-03-01", "2025-03-31") in march
    assert "March 2025" in march
    assert pounds(asker, "2025-02-01", "2025-02-28") in february
    assert "on groceries in February 2025" in february
    assert "cannot help" in still


def test_a_refused_turn_is_forgotten_and_an_asked_back_one_is_not(
    inference: SelfMateInference, people: list[Asker]
) -> None:
    asker = people[0]
    first, second = asker.goals["kind"]

    which, refused, progress = ask(
        inference,
        asker,
        "How am I doing on my savings goal?",
        "Tell me a joke",
        f"the {second} one",
    )

    assert which == f"Which goal do you mean: {first} and {second}?"
    assert "cannot help" in refused
    assert f"for your {second}" in progress or f"Your {second} goal" in progress
