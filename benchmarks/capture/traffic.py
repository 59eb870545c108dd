"""Execution environments that predict at a steady rate, and the lines that they write."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import numpy as np
import orjson

from mlops_platform.features.clock import format_instant
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.serving.prediction_id import prediction_id, time_ordered_uuid
from mlops_platform.serving.prediction_record import RecordWriter

MODEL: Final = "fraud_detection"
# As many inputs as the fraud model has.
N_INPUTS: Final = 26
N_USERS: Final = 200
N_MERCHANTS: Final = 2_000
_THRESHOLD: Final = 0.5
_REFERENCE_ROWS: Final = 4_000
_REFERENCE_DAYS: Final = 14


@dataclass(frozen=True)
class Written:
    """One line in a log: when it was written (seconds since the start), where, and its record."""

    at: float
    environment: int
    line: str
    record: dict[str, Any]

    @property
    def number(self) -> tuple[str, int]:
        """Under which number of which environment."""
        return self.record["environment_id"], self.record["sequence"]


def reference_profile(seed: int) -> ReferenceProfile:
    """Return bins of as many inputs as the fraud model has."""
    chance = np.random.default_rng(seed)
    rows = chance.lognormal(2.0, 1.0, (_REFERENCE_ROWS, N_INPUTS)).astype(np.float32)
    scores = chance.beta(0.5, 5.0, _REFERENCE_ROWS).astype(np.float32)
    day = 20_000 + np.arange(_REFERENCE_ROWS, dtype=np.int64) % _REFERENCE_DAYS
    names = [f"input_{number}" for number in range(N_INPUTS)]
    return ReferenceProfile.learn(names, rows, scores, day, score_name="fraud_probability")


def written_lines(
    n: int, *, environments: int, rate: float, bundle_sha256: str, seed: int
) -> Iterator[Written]:
    """Yield `n` predictions at `rate` per second, each by any of the environments."""
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    inputs = np.random.default_rng(seed).lognormal(2.0, 1.2, (n, N_INPUTS)).astype(np.float32)
    writers = [RecordWriter() for _ in range(environments)]
    start = int(time.time())
    for index in range(n):
        at = index / rate
        environment = chance.randrange(environments)
        transaction = _transaction(chance, f"{seed}-{index}", start + int(at))
        score = chance.betavariate(0.5, 5.0)
        prediction = {
            "prediction_id": prediction_id(time_ordered_uuid(), MODEL, "1.0.0"),
            "model_name": MODEL,
            "model_version": "1.0.0",
            "bundle_sha256": bundle_sha256,
            "occurred_at": transaction["timestamp"],
            "features": transaction,
            "inputs": inputs[index],
            "output": {
                "threshold": _THRESHOLD,
                "fraud_probability": score,
                "is_fraud": score >= _THRESHOLD,
            },
        }
        (line,) = writers[environment].lines(
            [prediction], degraded=[], compute_ms=chance.lognormvariate(1.0, 0.5), lookup_ms=3.0
        )
        yield Written(at, environment, line.decode().rstrip(), orjson.loads(line))


def by_flush(lines: list[Written], flush_seconds: float) -> Iterator[tuple[float, list[Written]]]:
    """Yield what the log sends off at each flush: a batch of one environment's lines."""

    def flush(line: Written) -> tuple[float, int]:
        return (line.at // flush_seconds + 1) * flush_seconds, line.environment

    for (moment, _), batch in itertools.groupby(sorted(lines, key=flush), flush):
        yield moment, list(batch)


def _transaction(chance: Random, name: str, moment: int) -> dict[str, Any]:
    return {
        "transaction_id": name,
        "user_id": f"u{chance.randrange(N_USERS)}",
        "merchant_id": f"m{chance.randrange(N_MERCHANTS)}",
        "timestamp": format_instant(moment),
        "amount": round(chance.lognormvariate(3.0, 1.0), 2) + 0.01,
    }
