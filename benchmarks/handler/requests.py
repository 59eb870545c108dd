"""What each model is asked: features of requests, and the states that fraud's meet."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.handler.large_catalogue import item_id
from mlops_platform.bundle.reader import open_bundle
from mlops_platform.features.clock import DAY_SECONDS, format_instant
from mlops_platform.features.snapshot_file import read_snapshot

Request = dict[str, Any]
# With the special tokens at its ends, the tokenizer makes 32 tokens of it.
THIRTY_TWO_TOKENS: Final = (
    "Could you please tell me how much money I have spent on groceries at the corner shop "
    "over just the last 30 days, and nothing about anything else?"
)
_N_OWNED: Final = 10


def fraud_requests(job: Path, n: int, seed: int) -> tuple[Sequence[Request], Mapping[str, bytes]]:
    """Return transactions of a trained world's people at its merchants, and their states."""
    with (job / "model/feature_state.jsonl.gz").open("rb") as file:
        as_of, pairs = read_snapshot(file)
        states = dict(pairs)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    users, merchants = (
        [name.removeprefix(prefix) for name in states if name.startswith(prefix)]
        for prefix in ("user#", "merchant#")
    )
    rows = [
        {
            "transaction_id": f"measured-{number}",
            "user_id": chance.choice(users),
            "merchant_id": chance.choice(merchants),
            "timestamp": format_instant(as_of + chance.randrange(DAY_SECONDS)),
            "amount": round(chance.lognormvariate(3.0, 1.0), 2),
            "currency": "GBP",
            "description": "CARD PAYMENT",
        }
        for number in range(n)
    ]
    return rows, states


def golden_requests(bundle: Path) -> Sequence[Request]:
    """Return what a bundle was asked when it was made."""
    return [example["request"] for example in open_bundle(bundle).golden_examples()]


def customers(n_items: int, n: int, seed: int) -> Sequence[Request]:
    """Return requests of customers who own ten items of a large catalogue."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    return [
        {
            "user_id": f"user-{number}",
            "owned": [item_id(chance.randrange(n_items)) for _ in range(_N_OWNED)],
            "n": 10,
        }
        for number in range(n)
    ]


def turn(bundle: Path) -> Request:
    """Return a turn of 32 tokens, with the purchases of a bundle's own golden conversation."""
    return {**golden_requests(bundle)[0], "text": THIRTY_TWO_TOKENS}
