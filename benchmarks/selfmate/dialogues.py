"""Measure a bundle's answers to held-out dialogues: ``python -m benchmarks.selfmate.dialogues``.

People of a world that the bundle has never seen ask about their own figures, in wordings of which
it has learnt none. A turn is answered right if every figure is that of `reference_answers`. The
last line is JSON.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.selfmate.askers import Asker, askers
from benchmarks.selfmate.reference_answers import answered_right, expected_answer
from benchmarks.timings import quantiles
from mlops_platform.data.dialogues.dialogue import PHRASINGS, draw_dialogue
from mlops_platform.data.dialogues.phrasings.fresh import FRESH
from mlops_platform.data.dialogues.utterance import Utterance
from mlops_platform.data.world.world import World
from mlops_platform.models.selfmate.inference import SelfMateInference

TODAY: Final = date(2025, 9, 17)
N_DAYS: Final = 200
N_USERS: Final = 60
SEED: Final = 1_000
WORDINGS: Final = {**PHRASINGS, "fresh": FRESH}


def main() -> None:
    """Ask, compare, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True, help="unpacked bundle of SelfMate")
    parser.add_argument("--dialogues", type=int, default=500, help="how many")
    parser.add_argument("--split", choices=list(WORDINGS), default="test", help="whose wordings")
    arguments = parser.parse_args()
    people = askers(World(seed=SEED, n_users=N_USERS), TODAY, N_DAYS)
    inference = SelfMateInference.from_folder(arguments.bundle)
    print(json.dumps(measured(inference, people, arguments.dialogues, arguments.split)))


def measured(
    inference: SelfMateInference, people: Sequence[Asker], n_dialogues: int, split: str
) -> dict[str, Any]:
    """Return accuracies over turns and over whole dialogues, and milliseconds a turn."""
    right: list[bool] = []
    whole: list[bool] = []
    milliseconds = []
    missed: Counter[str] = Counter()
    for asker, turns in dialogues(people, n_dialogues, split):
        session: dict[str, Any] = {}
        of_dialogue = []
        for turn in turns:
            request = asker.request(turn.text, session)
            begin = time.perf_counter()
            (answer,) = inference.predict_batch([request], {})
            milliseconds.append(1_000 * (time.perf_counter() - begin))
            session = answer["session"]
            of_dialogue.append(answered_right(answer, expected_answer(turn.meaning, asker)))
            missed[turn.intent] += not of_dialogue[-1]
        right += of_dialogue
        whole.append(all(of_dialogue))
    return {
        "answer_accuracy": float(np.mean(right)),
        "dialogue_accuracy": float(np.mean(whole)),
        "n_turns": len(right),
        "n_dialogues": len(whole),
        "turn_ms": quantiles(milliseconds),
        "missed": dict(missed.most_common(5)),
    }


def dialogues(
    people: Sequence[Asker], n_dialogues: int, split: str
) -> Iterator[tuple[Asker, list[Utterance]]]:
    """Yield dialogues with who leads them, the people by turns."""
    random = np.random.default_rng(SEED)
    for number in range(n_dialogues):
        asker = people[number % len(people)]
        yield asker, draw_dialogue(random, asker.speaker, WORDINGS[split])


if __name__ == "__main__":
    main()
