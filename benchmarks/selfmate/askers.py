"""People of a world who ask about their own purchases and goals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pandas as pd

from mlops_platform.bundle.signature import MAX_OBJECTS
from mlops_platform.data.dialogues.speaker import Speaker
from mlops_platform.data.world.categories import NAMES
from mlops_platform.data.world.world import World, days_between

# Some people pay for something every month; nobody's purchases in the world come so regularly.
SUBSCRIPTION: Final = ("STREAMBOX", 9.99, "entertainment")
N_PAYMENTS: Final = 5
_DAYS_BETWEEN: Final = 30
_SENT: Final = ["timestamp", "amount", "merchant", "category"]


@dataclass(frozen=True)
class Asker:
    """One of them.

    Parameters
    ----------
    speaker
        Who asks.
    purchases
        Columns ``timestamp``, ``amount``, ``merchant`` and ``category``, in order of time, with
        the ``day`` and the pence (``minor``) besides.
    goals
        Columns ``kind``, ``target_amount``, ``saved_amount`` and ``deadline``.
    """

    speaker: Speaker
    purchases: pd.DataFrame
    goals: pd.DataFrame

    @property
    def moment(self) -> datetime:
        """When they ask: at noon of their day, UTC."""
        return datetime.fromisoformat(f"{self.speaker.today}T12:00:00+00:00")

    def request(self, text: str, session: dict[str, Any]) -> dict[str, Any]:
        """Return a turn as SelfMate is asked."""
        return {
            "text": text,
            "timestamp": self.moment.isoformat(),
            "session": session,
            "transactions": _records(self.purchases[_SENT], "timestamp"),
            "goals": _records(self.goals, "deadline"),
        }


def askers(world: World, today: date, n_days: int) -> list[Asker]:
    """Return everybody with the last purchases, at most as many as a request takes.

    Every second one has a subscription.
    """
    days = [world.day(day) for day in days_between(today - timedelta(days=n_days), today)]
    purchases = pd.concat(
        [day.transactions.to_pandas().assign(category=NAMES[day.category]) for day in days]
    ).rename(columns={"description": "merchant"})
    goals = world.goals(today).to_pandas()
    of_user = dict(tuple(purchases[["user_id", *_SENT]].groupby("user_id")))
    nothing = purchases[:0]
    return [
        Asker(
            speaker=speaker,
            purchases=_counted(
                _with_subscription(
                    of_user.get(speaker.user_id, nothing)[_SENT], today, number
                ).tail(MAX_OBJECTS)
            ),
            goals=goals.loc[
                goals["user_id"] == speaker.user_id,
                ["kind", "target_amount", "saved_amount", "deadline"],
            ],
        )
        for number, speaker in enumerate(world.speakers(today))
    ]


def _with_subscription(purchases: pd.DataFrame, today: date, number: int) -> pd.DataFrame:
    """Add one to an even-numbered asker's purchases."""
    if number % 2:
        return purchases
    merchant, amount, category = SUBSCRIPTION
    paid = pd.date_range(
        end=pd.Timestamp(today, tz="UTC") - pd.Timedelta(days=number % 20 + 1),
        periods=N_PAYMENTS,
        freq=f"{_DAYS_BETWEEN}D",
        unit="us",
    )
    payments = pd.DataFrame(
        {"timestamp": paid, "amount": amount, "merchant": merchant, "category": category}
    )
    return pd.concat([purchases, payments]).sort_values("timestamp", kind="stable")


def _counted(purchases: pd.DataFrame) -> pd.DataFrame:
    return purchases.assign(
        day=purchases["timestamp"].dt.date,
        minor=(purchases["amount"] * 100).round().astype("int64"),
    )


def _records(table: pd.DataFrame, moment: str) -> list[dict[str, Any]]:
    """Return rows as JSON's own types."""
    written = table.assign(**{moment: [value.isoformat() for value in table[moment]]})
    return [{str(name): value for name, value in row.items()} for row in written.to_dict("records")]
