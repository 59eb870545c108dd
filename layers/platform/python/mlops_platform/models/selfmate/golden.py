"""A conversation that a bundle must always answer alike."""

from typing import Any, Final

from mlops_platform.features.clock import DAY_SECONDS, format_instant

_PURCHASES: Final = (
    (3, 12.5, "CORNER SHOP", "groceries"),
    (3, 30.0, "CITY RAIL", "transport"),
    (5, 7.25, "CORNER SHOP", "groceries"),
    (40, 64.99, "PAPER & PEN", "books"),
)
_TEXTS: Final = (
    "How much did I spend on groceries over the last 30 days?",
    "And at Paper & Pen?",
    "How far am I with my holiday goal?",
    "What will the weather be like tomorrow?",
    "Hello",
)


def golden_requests(as_of: int) -> list[dict[str, Any]]:
    """Return requests of one user around a moment, epoch seconds; each leans on the first."""
    transactions = [
        {
            "timestamp": format_instant(as_of - n_days * DAY_SECONDS),
            "amount": amount,
            "merchant": merchant,
            "category": category,
        }
        for n_days, amount, merchant, category in _PURCHASES
    ]
    deadline = format_instant(as_of + 300 * DAY_SECONDS)
    goal = {"kind": "holiday", "target_amount": 900, "saved_amount": 300, "deadline": deadline}
    session = {"intent": "spending", "arguments": {"category": "groceries"}}
    return [
        {
            "text": text,
            "timestamp": format_instant(as_of),
            "transactions": transactions,
            "goals": [goal],
            "session": session,
        }
        for text in _TEXTS
    ]
