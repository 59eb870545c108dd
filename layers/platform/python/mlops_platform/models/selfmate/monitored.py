"""The numbers of an utterance in which drift is looked for.

The model's own inputs are hundreds of dimensions of an embedding. What changes with them shows in
these: people who speak at another length, name more or less, or ask what no training row asked.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.selfmate.reading import Reading

# Of what is read and how; a bundle of another version was calibrated on other rows.
FEATURE_VERSION: Final = 2
NAMES: Final = ("n_tokens", "n_characters", "n_slots", "intent_entropy", "oos_score")


def monitored_rows(readings: Sequence[Reading]) -> NDArray[np.float32]:
    """Return the monitored numbers of n readings, of shape (n, len(NAMES))."""
    rows = [
        (
            each.n_tokens,
            len(each.text),
            len(each.slots),
            each.intent.entropy,
            each.intent.oos_score,
        )
        for each in readings
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))
