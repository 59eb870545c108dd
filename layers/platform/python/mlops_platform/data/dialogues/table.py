"""A day's utterances as the documented table."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from mlops_platform.data.dialogues.dialogue import PHRASINGS, draw_utterance
from mlops_platform.data.dialogues.speaker import Speaker
from mlops_platform.data.world.randomness import Stream, stream
from mlops_platform.features.clock import DAY_SECONDS

PER_DAY: Final = 80
# Of the utterances, not of the wordings; in the order of `PHRASINGS`.
_SPLIT_SHARES: Final = (0.65, 0.15, 0.2)
_EPOCH: Final = date(1970, 1, 1).toordinal()


def utterances_of(seed: int, day: date, speakers: Sequence[Speaker]) -> pa.Table:
    """Return what is asked on a day by some of the people who ask.

    Parameters
    ----------
    seed
        The world's.
    day
        The day.
    speakers
        All who may ask.
    """
    random = stream(seed, Stream.UTTERANCES, day.toordinal())
    splits = random.choice(list(PHRASINGS), PER_DAY, p=_SPLIT_SHARES).tolist()
    who = random.integers(0, len(speakers), PER_DAY)
    second = np.sort(random.integers(0, DAY_SECONDS, PER_DAY))
    said = [
        draw_utterance(random, speakers[user], PHRASINGS[split])
        for user, split in zip(who, splits, strict=True)
    ]
    moments = (day.toordinal() - _EPOCH) * DAY_SECONDS + second
    return pa.table(
        {
            "text": [each.text for each in said],
            "intent": [each.intent for each in said],
            "split": splits,
            "slots": [json.dumps(each.slots) for each in said],
            "user_id": [speakers[user].user_id for user in who],
            "timestamp": pa.array(moments * 1_000_000).cast(pa.timestamp("us", tz="UTC")),
        }
    )
