"""A made-up high street: enough rows to learn from within a second."""

import numpy as np
from numpy.typing import NDArray

from mlops_platform.models.categorization.features import Transaction

SHOPS = {
    "fuel": ("shell garage", "bp connect", "texaco star", "esso express"),
    "food": ("tesco stores", "asda superstore", "morrisons cafe", "corner bakery"),
    "books": ("waterstones", "book depot", "paper & pen", "night reader"),
    "travel": ("trainline.com", "www.flybe.co", "city taxis", "ferry port"),
}
TYPICAL_AMOUNT = {"fuel": 50.0, "food": 20.0, "books": 9.99, "travel": 80.0}
CARDS = 12


def high_street(n: int, seed: int = 0) -> tuple[list[Transaction], NDArray[np.str_]]:
    """n transactions and their categories: a tenth at a market stall that sells everything.

    What the stall sold shows in the card alone; a tenth of all labels is noise.
    """
    random = np.random.default_rng(seed)
    names = np.array(sorted(SHOPS))
    category = random.integers(0, len(names), n)
    card = category + len(names) * random.integers(0, CARDS // len(names), n)
    at_stall = random.random(n) < 0.1
    label = np.where(random.random(n) < 0.1, random.integers(0, len(names), n), category)
    transactions = []
    for row in range(n):
        name = names[category[row]]
        shop = "market stall" if at_stall[row] else random.choice(SHOPS[name])
        descriptor = f"{shop} {random.integers(1, 999)}"
        amount = round(TYPICAL_AMOUNT[name] * random.lognormal(0, 0.3), 2)
        context = {"card": f"card {card[row]}"}
        transactions.append(Transaction(descriptor, amount, context, int(row) * 3600 + 1))
    return transactions, names[label]
