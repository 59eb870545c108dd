"""From a request to what an answer rests on: a ledger and a session."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from mlops_platform.bundle.signature import Signature
from mlops_platform.models.selfmate.session import Session
from mlops_platform.models.selfmate.signature import GOAL, TRANSACTION
from mlops_platform.models.selfmate.tools.ledger import Goal, Ledger, Purchase
from mlops_platform.moments import parse_moment

DEFAULT_CURRENCY: Final = "GBP"
_TRANSACTION: Final = Signature(TRANSACTION)
_GOAL: Final = Signature(GOAL)


def problems_inside(features: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what is wrong inside the objects of a request whose fields are of the right types."""
    problems = [
        *_problems_of_each("transactions", features.get("transactions") or (), _TRANSACTION),
        *_problems_of_each("goals", features.get("goals") or (), _GOAL),
    ]
    for place, goal in enumerate(features.get("goals") or ()):
        try:
            parse_moment(goal.get("deadline"))
        except (TypeError, ValueError):
            message = f"{goal.get('deadline')!r} is not a moment; send one such as 2027-03-01."
            problems.append({"field": f"goals[{place}].deadline", "message": message})
    try:
        Session.from_dict(features.get("session") or {})
    except (ValueError, KeyError, TypeError):
        message = "not one that an answer returned; send it as it came, or none."
        problems.append({"field": "session", "message": message})
    return problems


def session_of(features: Mapping[str, Any]) -> Session:
    """Return the session of a valid request."""
    return Session.from_dict(features.get("session") or {})


def ledger_of(features: Mapping[str, Any]) -> Ledger:
    """Return the ledger of a valid request."""
    purchases = [_TRANSACTION.renamed(each) for each in features.get("transactions") or ()]
    goals = [_GOAL.renamed(each) for each in features.get("goals") or ()]
    return Ledger(
        purchases=tuple(
            Purchase(
                day=_day(each["timestamp"]),
                minor=_minor(each["amount"]),
                merchant=each.get("merchant", ""),
                category=each.get("category", ""),
            )
            for each in sorted(purchases, key=lambda each: parse_moment(each["timestamp"]))
        ),
        goals=tuple(
            Goal(
                kind=each["kind"],
                target_minor=_minor(each["target_amount"]),
                saved_minor=_minor(each.get("saved_amount", 0)),
                deadline=_day(each["deadline"]),
            )
            for each in goals
        ),
        currency=features.get("currency") or DEFAULT_CURRENCY,
    )


def _problems_of_each(
    name: str, objects: Sequence[Mapping[str, Any]], signature: Signature
) -> list[dict[str, str]]:
    return [
        {**problem, "field": f"{name}[{place}].{problem['field']}"}
        for place, each in enumerate(objects)
        for problem in signature.problems_of(each)
    ]


def _minor(amount: float) -> int:
    """Return an amount in hundredths, halves up, of the decimal number that was sent."""
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _day(moment: str) -> date:
    return parse_moment(moment).astimezone(UTC).date()
