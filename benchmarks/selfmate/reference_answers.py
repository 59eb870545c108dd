"""What a turn's answer must be, by pandas and from what the turn means: no code of the tools'."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from benchmarks.selfmate.askers import Asker
from mlops_platform.data.dialogues.spoken_periods import SpokenPeriod
from mlops_platform.data.dialogues.utterance import OUT_OF_SCOPE, Meaning

N_SHOWN: Final = 3
MIN_PAYMENTS: Final = 3
SHORTEST_DAYS: Final = 26
LONGEST_DAYS: Final = 35
# When a goal is reached later than in so many months, no date is told.
LIFETIME_MONTHS: Final = 1_200
# Units of figures that say what was asked about, rather than what was found.
_NAMES: Final = {"name", "period"}

Figures = list[tuple[str, Any]]


@dataclass(frozen=True)
class Expected:
    """A right answer.

    Parameters
    ----------
    intent
        What it answers.
    is_answered
        False for a refusal, and where the question leaves open what must be known.
    figures
        Names and values of what was found, as an answer's JSON has them, sorted.
    """

    intent: str
    is_answered: bool
    figures: Figures


def answered_right(answer: dict[str, Any], expected: Expected) -> bool:
    """Return whether an answer of `SelfMateInference` is the expected one, to the penny."""
    found = sorted(
        (figure["name"], figure["value"])
        for figure in answer["figures"]
        if figure["unit"] not in _NAMES and figure["name"] != "over"
    )
    return (answer["intent"], answer["is_answered"], found) == (
        expected.intent,
        expected.is_answered,
        expected.figures,
    )


def expected_answer(meaning: Meaning, asker: Asker) -> Expected:
    """Return the right answer to a turn that means this."""
    if meaning.intent == OUT_OF_SCOPE:
        return Expected(OUT_OF_SCOPE, is_answered=False, figures=[])
    if meaning.intent in {"greeting", "help"}:
        return _answered(meaning, [])
    if meaning.intent in _ABOUT_GOALS:
        return _about_goal(meaning, asker)
    if meaning.intent == "recurring_payments":
        figures = _recurring(asker)
    elif meaning.intent == "compare_periods":
        figures = _compared(meaning, asker)
    else:
        chosen = _chosen(meaning, asker, meaning.period)
        figures = _ABOUT_PURCHASES[meaning.intent](chosen) if len(chosen) else []
    return _answered(meaning, figures)


def _chosen(meaning: Meaning, asker: Asker, period: SpokenPeriod | None) -> pd.DataFrame:
    """Return the purchases that are asked about."""
    table, today = asker.purchases, asker.speaker.today
    if period is not None:
        table = table[(table["day"] >= period.first) & (table["day"] <= period.last)]
    elif meaning.intent != "latest_purchase":
        table = table[table["day"] >= today.replace(day=1)]
    if meaning.category:
        table = table[table["category"] == meaning.category]
    for word in meaning.merchant.split():
        table = table[table["merchant"].str.contains(rf"(?i)\b{word}\b")]
    if meaning.amount_pounds is not None:
        table = table[table["minor"] > meaning.amount_pounds * 100]
    return table


def _spending(chosen: pd.DataFrame) -> Figures:
    return [("count", len(chosen)), ("total", chosen["minor"].sum() / 100)]


def _count(chosen: pd.DataFrame) -> Figures:
    return [("count", len(chosen))]


def _average(chosen: pd.DataFrame) -> Figures:
    n = len(chosen)
    return [("average", (2 * chosen["minor"].sum() + n) // (2 * n) / 100), ("count", n)]


def _largest(chosen: pd.DataFrame) -> Figures:
    row = chosen.iloc[chosen["minor"].to_numpy().argmax()]
    return [("day", row["day"].isoformat()), ("largest", row["minor"] / 100)]


def _latest(chosen: pd.DataFrame) -> Figures:
    row = chosen.iloc[-1]
    return [("amount", row["minor"] / 100), ("day", row["day"].isoformat())]


def _breakdown(chosen: pd.DataFrame) -> Figures:
    totals = chosen.groupby("category")["minor"].sum().sort_values(ascending=False)
    whole = int(totals.sum())
    return [
        ("total", whole / 100),
        *(("category_total", minor / 100) for minor in totals[:N_SHOWN]),
        *(("category_share", _percent(minor, whole)) for minor in totals[:N_SHOWN]),
    ]


def _merchants(chosen: pd.DataFrame) -> Figures:
    totals = chosen.groupby("merchant")["minor"].sum().nlargest(N_SHOWN)
    return [("place_total", minor / 100) for minor in totals]


def _compared(meaning: Meaning, asker: Asker) -> Figures:
    total, other = (
        int(_chosen(meaning, asker, period)["minor"].sum())
        for period in (meaning.period, meaning.other)
    )
    if total == other or not other:
        return [("total", total / 100)]
    return [
        ("change", _percent(abs(total - other), other)),
        ("difference", abs(total - other) / 100),
        ("other_total", other / 100),
        ("total", total / 100),
    ]


def _recurring(asker: Asker) -> Figures:
    """Look for equal payments at a merchant, a month apart, the last one as recent."""
    today = pd.Timestamp(asker.speaker.today, tz="UTC")
    found = []
    for (_, amount), group in asker.purchases.groupby(["merchant", "amount"]):
        days = group["timestamp"].dt.normalize()
        gaps = days.diff().dropna().dt.days
        is_recent = (today - days.iloc[-1]).days <= LONGEST_DAYS
        if (
            len(group) >= MIN_PAYMENTS
            and gaps.between(SHORTEST_DAYS, LONGEST_DAYS).all()
            and is_recent
        ):
            found.append(amount)
    if not found:
        return []
    return [("monthly_total", sum(found)), *(("payment", amount) for amount in found)]


def _about_goal(meaning: Meaning, asker: Asker) -> Expected:
    goals = asker.goals if not meaning.goal else asker.goals[asker.goals["kind"] == meaning.goal]
    if len(goals) != 1:
        return Expected(meaning.intent, is_answered=False, figures=[])
    goal = goals.iloc[0]
    missing = round(goal["target_amount"] * 100) - round(goal["saved_amount"] * 100)
    about = [("remaining", missing / 100)]
    deadline = ("deadline", goal["deadline"].date().isoformat())
    today = pd.Timestamp(asker.speaker.today)
    if not missing:
        figures = [("target", goal["target_amount"])]
    elif meaning.intent == "goal_progress":
        percent = _percent(round(goal["saved_amount"] * 100), round(goal["target_amount"] * 100))
        saved, target = goal["saved_amount"], goal["target_amount"]
        figures = [deadline, ("progress", percent), ("saved", saved), ("target", target), *about]
    elif meaning.intent == "goal_pace":
        n = _whole_months(today, goal["deadline"].tz_localize(None))
        figures = [deadline, ("months", n), ("per_month", math.ceil(missing / n) / 100), *about]
    elif meaning.amount_pounds is None:
        return Expected(meaning.intent, is_answered=False, figures=[])
    else:
        n = math.ceil(missing / (meaning.amount_pounds * 100))
        if n > LIFETIME_MONTHS:
            return _answered(meaning, [("per_month", meaning.amount_pounds), *about])
        day = (today + pd.DateOffset(months=n)).date().isoformat()
        figures = [("day", day), ("months", n), ("per_month", meaning.amount_pounds), *about]
    return _answered(meaning, figures)


def _answered(meaning: Meaning, figures: Figures) -> Expected:
    return Expected(meaning.intent, is_answered=True, figures=sorted(figures))


def _whole_months(today: pd.Timestamp, deadline: pd.Timestamp) -> int:
    n = 0
    while today + pd.DateOffset(months=n + 1) <= deadline:
        n += 1
    return n


def _percent(part: int, whole: int) -> float:
    """Return a share in percent to a tenth, halves up."""
    return (2_000 * int(part) + int(whole)) // (2 * int(whole)) / 10


_ABOUT_GOALS: Final = ("goal_progress", "goal_pace", "goal_date")
_ABOUT_PURCHASES: Final[dict[str, Callable[[pd.DataFrame], Figures]]] = {
    "spending": _spending,
    "purchase_count": _count,
    "average_purchase": _average,
    "largest_purchase": _largest,
    "latest_purchase": _latest,
    "spending_breakdown": _breakdown,
    "top_merchants": _merchants,
}
