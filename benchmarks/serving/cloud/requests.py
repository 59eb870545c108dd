"""Transactions to ask about: a few thousand people who pay at a few hundred merchants."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

_N_USERS = 3_000
_N_MERCHANTS = 300
_START = datetime(2026, 3, 2, tzinfo=UTC)


def transactions(seed: int) -> Iterator[dict[str, Any]]:
    """Yield the features of fraud requests without end, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    moment = _START
    number = 0
    while True:
        number += 1
        moment += timedelta(seconds=chance.expovariate(0.5))
        yield {
            # Unlike any other run's: a transaction that was counted once does not count again.
            "transaction_id": f"benchmark-{seed}-{number}",
            # Nobody's real features shall change because somebody measured.
            "user_id": f"benchmark-{chance.randrange(_N_USERS)}",
            "merchant_id": f"benchmark-{chance.randrange(_N_MERCHANTS)}",
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "amount": round(chance.lognormvariate(3.0, 1.0), 2),
            "currency": "EUR",
            "description": "CARD PAYMENT",
        }
