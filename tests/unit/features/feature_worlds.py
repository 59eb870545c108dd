"""Small worlds for the feature code: transactions and labels of a few users and merchants."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from mlops_platform.features.aggregates import EntityKind
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.features.history import Events, Labels
from mlops_platform.features.state import EntityState

START = 20_000 * DAY_SECONDS


@dataclass(frozen=True)
class Purchase:
    number: int
    entity: int
    timestamp: int
    amount: int
    label_delay: int | None
    is_fraud: bool

    @property
    def known(self) -> int | None:
        return None if self.label_delay is None else self.timestamp + self.label_delay


purchases = st.lists(
    st.builds(
        lambda entity, day, second, amount, delay, fraud: Purchase(
            0, entity, START + day * DAY_SECONDS + second, amount, delay, fraud
        ),
        st.integers(0, 2),
        st.integers(0, 60),
        # Seconds close together, so that the lag of a minute and ties matter.
        st.one_of(st.integers(0, 200), st.integers(0, DAY_SECONDS - 1)),
        st.integers(1, 10_000_000),
        st.one_of(st.none(), st.integers(1, 9 * DAY_SECONDS)),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
).map(lambda rows: [Purchase(i, *list(vars(row).values())[1:]) for i, row in enumerate(rows)])


def events_of(rows: list[Purchase]) -> Events:
    return Events(
        *(
            np.array([getattr(r, n) for r in rows], dtype=np.int64)
            for n in ("entity", "timestamp", "amount")
        )
    )


def labels_of(rows: list[Purchase]) -> Labels:
    known = [row for row in rows if row.known is not None]
    return Labels(
        *(
            np.array([getattr(r, n) for r in known], dtype=np.int64)
            for n in ("entity", "timestamp", "known", "is_fraud")
        )
    )


def fold_until(
    kind: EntityKind, rows: list[Purchase], moment: int, order: list[int]
) -> list[EntityState]:
    """States of entities 0 to 2 of what happened or was known before a moment, in any order."""
    states = [EntityState(kind) for _ in range(3)]
    for index in order:
        row = rows[index]
        if row.timestamp < moment:
            states[row.entity].fold(row.timestamp, row.amount, row.number)
        if row.known is not None and row.known < moment:
            states[row.entity].fold_label(row.timestamp, row.known, is_fraud=row.is_fraud)
    return states
