"""The world as an observer meets it: tables of transactions, of labels, and of a shop."""

import functools
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mlops_platform.data.dialogues.speaker import Speaker, spoken_name
from mlops_platform.data.dialogues.table import utterances_of
from mlops_platform.data.world.categories import NAMES, true_categories
from mlops_platform.data.world.category_labels import SOURCE, observe_categories
from mlops_platform.data.world.customers import Customers, make_customers
from mlops_platform.data.world.descriptors import statement_lines
from mlops_platform.data.world.faults import DayOfPurchases, Fault, changed, with_rivals
from mlops_platform.data.world.fraud import Scenario, card_fraud, skimmed
from mlops_platform.data.world.goals import KINDS as GOAL_KINDS
from mlops_platform.data.world.goals import N_GOALS, make_goals
from mlops_platform.data.world.labels import observe
from mlops_platform.data.world.merchants import KINDS, Merchants, make_merchants
from mlops_platform.data.world.people import HOME, People, make_people
from mlops_platform.data.world.products import Products, make_products
from mlops_platform.data.world.shop_tables import interactions_table, items_table, users_table
from mlops_platform.data.world.spending import Purchases, honest_purchases
from mlops_platform.data.world.take_ups import TakeUps, make_take_ups
from mlops_platform.features.clock import DAY_SECONDS

TIMESTAMP = pa.timestamp("us", tz="UTC")
_EPOCH = date(1970, 1, 1).toordinal()
_ID_DIGITS = 7


@dataclass(frozen=True)
class Day:
    """One day: what is seen of it, and what only the simulator knows.

    Parameters
    ----------
    transactions, labels, category_labels
        Tables of the documented schemas, transactions ordered by time.
    scenario
        Why each transaction is fraudulent, empty where it is honest; of shape (n_transactions,).
    category
        What each transaction is to its user, an index into `categories.CATEGORIES`; of the same
        shape.
    """

    transactions: pa.Table
    labels: pa.Table
    category_labels: pa.Table
    scenario: NDArray[np.str_]
    category: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class World:
    """A seeded world; the same seed and sizes make the same days, however many are asked for.

    Parameters
    ----------
    seed
        Where all randomness comes from.
    n_users, n_merchants
        How many people and merchants there are.
    faults
        What goes wrong, in the order in which it does.

    Examples
    --------
    >>> fault = Fault("spending_shift", date(2025, 3, 1))
    >>> fault.kind.columns
    ('amount',)
    >>> world = World(seed=0, faults=(fault,))
    """

    seed: int = 0
    n_users: int = 1_200
    n_merchants: int = 2_000
    faults: tuple[Fault, ...] = ()

    @functools.cached_property
    def merchants(self) -> Merchants:
        """Everywhere one can buy."""
        return make_merchants(self.seed, self.n_merchants)

    @functools.cached_property
    def people(self) -> People:
        """Everybody who buys."""
        return make_people(self.seed, self.n_users, self.merchants)

    @functools.cached_property
    def products(self) -> Products:
        """Everything that the shop sells."""
        return make_products(self.seed)

    @functools.cached_property
    def customers(self) -> Customers:
        """What people are to the shop."""
        return make_customers(self.seed, self.people)

    @functools.cached_property
    def take_ups(self) -> TakeUps:
        """Which products people take up, for their whole lives."""
        return make_take_ups(self.seed, self.customers, self.products)

    def transactions(self, first: date, last: date) -> pa.Table:
        """Return the transactions of the days from `first` to `last`, both included."""
        return pa.concat_tables(self.day(day).transactions for day in days_between(first, last))

    def goals(self, today: date) -> pa.Table:
        """Return everybody's goals as they stand on a day."""
        goals = make_goals(self.seed, self.people, today)
        kinds = np.array([kind.name for kind in GOAL_KINDS])
        users = self.people.identifier[goals.user]
        return pa.table(
            {
                "goal_id": np.char.add(np.char.add(users, "-"), kinds[goals.kind]),
                "user_id": users,
                "kind": kinds[goals.kind],
                "target_amount": goals.target,
                "deadline": _midnights(goals.deadline),
                "created": _midnights(goals.created),
                "saved_amount": goals.saved,
            }
        )

    def utterances(self, first: date, last: date) -> pa.Table:
        """Return what people ask the assistant on the days from `first` to `last`."""
        days = days_between(first, last)
        return pa.concat_tables(utterances_of(self.seed, day, self.speakers(day)) for day in days)

    def speakers(self, today: date) -> list[Speaker]:
        """Return everybody as they ask on a day, in the order of `people`."""
        goals = make_goals(self.seed, self.people, today)
        kinds = np.array([kind.name for kind in GOAL_KINDS])[goals.kind].reshape(-1, N_GOALS)
        return [
            Speaker(
                user_id=str(user),
                today=today,
                merchants=tuple(spoken_name(name) for name in self.merchants.descriptor[habits]),
                goals=tuple(kinds[row].tolist()),
            )
            for row, (user, habits) in enumerate(
                zip(self.people.identifier, self.people.habits, strict=True)
            )
        ]

    def labels(self, first: date, last: date, *, until: date) -> pa.Table:
        """Return the labels of transactions that are known at the end of a day.

        Parameters
        ----------
        first, last
            Days of the transactions, both included.
        until
            The last day on which a label comes.
        """
        days = days_between(first, last)
        return _known(pa.concat_tables(self.day(day).labels for day in days), until)

    def category_labels(self, first: date, last: date, *, until: date) -> pa.Table:
        """Return what people have said of categories by the end of a day; as `labels`."""
        days = days_between(first, last)
        return _known(pa.concat_tables(self.day(day).category_labels for day in days), until)

    def items(self) -> pa.Table:
        """Return everything that the shop sells."""
        return items_table(self.products)

    def users(self, *, since: date) -> pa.Table:
        """Return all customers, who have signed up by the world's first day, `since`."""
        return users_table(self.people, self.customers, since)

    def interactions(self, first: date, last: date, *, since: date) -> pa.Table:
        """Return what was taken up on the days from `first` to `last`, both included.

        Parameters
        ----------
        first, last
            The days.
        since
            The world's first day, which holds what had been taken up before it, too.
        """
        return interactions_table(self.people, self.products, self.take_ups, first, last, since)

    @functools.lru_cache(maxsize=256)  # noqa: B019 - a world lives as long as its program
    def day(self, day: date) -> Day:
        """Make one day."""
        honest = honest_purchases(self.seed, day, self.people, self.merchants)
        copied = skimmed(self.seed, day, honest, self.merchants)
        stolen = card_fraud(self.seed, day, self.people, self.merchants)
        purchases = _joined(honest, stolen.purchases)
        scenario = np.concatenate(
            [
                np.where(copied, Scenario.COMPROMISED_MERCHANT.value, Scenario.NONE.value),
                stolen.scenario,
            ]
        )
        sound = DayOfPurchases(
            purchases=purchases,
            campaign=np.arange(len(scenario)) >= len(honest.user),
            nobody=np.zeros(len(scenario), dtype=bool),
        )
        order = np.argsort(purchases.second, kind="stable")
        faulty = changed(self.seed, day, sound, self.faults, self.n_merchants)
        transactions = self._transactions(day, faulty, order)
        scenario = scenario[order]
        merchants = self._all_merchants
        kind = merchants.kind[faulty.purchases.merchant]
        category = true_categories(self.seed, day, faulty.purchases, kind)[order]
        return Day(
            transactions=transactions,
            labels=self._labels(day, transactions, scenario),
            category_labels=self._category_labels(day, transactions, category),
            scenario=scenario,
            category=category,
        )

    @functools.cached_property
    def _all_merchants(self) -> Merchants:
        return with_rivals(self.merchants) if self.faults else self.merchants

    def _transactions(self, day: date, made: DayOfPurchases, order: NDArray[np.int64]) -> pa.Table:
        purchases = made.purchases
        merchants = self._all_merchants
        merchant = purchases.merchant[order]
        seconds = (day.toordinal() - _EPOCH) * DAY_SECONDS + purchases.second[order]
        numbers = pc.utf8_lpad(pa.array(np.arange(len(order))).cast(pa.string()), _ID_DIGITS, "0")
        users = pa.array(self.people.identifier[purchases.user[order]], mask=made.nobody[order])
        mcc = np.array([kind.mcc for kind in KINDS])
        return pa.table(
            {
                "transaction_id": pc.binary_join_element_wise(f"t{day:%Y%m%d}", numbers, "-"),
                "user_id": users,
                "merchant_id": merchants.identifier[merchant],
                "timestamp": pa.array(seconds * 1_000_000).cast(TIMESTAMP),
                "amount": purchases.amount_minor[order] / 100.0,
                "currency": pa.array(["GBP"] * len(order), pa.string()),
                "description": statement_lines(self.seed, day, merchants.descriptor[merchant]),
                "channel": np.where(purchases.online[order], "online", "card_present"),
                "country": pa.array([HOME] * len(order), pa.string()),
                "mcc": mcc[merchants.kind[merchant]],
            }
        )

    def _labels(self, day: date, transactions: pa.Table, scenario: NDArray[np.str_]) -> pa.Table:
        seen = observe(self.seed, day, scenario != Scenario.NONE.value)
        labels = pa.table(
            {
                "transaction_id": transactions["transaction_id"],
                "is_fraud": seen.is_fraud,
                "label_timestamp": _later(transactions["timestamp"], seen.delay_seconds),
            }
        )
        return labels.filter(pa.array(seen.known))

    def _category_labels(
        self, day: date, transactions: pa.Table, category: NDArray[np.int64]
    ) -> pa.Table:
        seen = observe_categories(self.seed, day, category)
        labels = pa.table(
            {
                "transaction_id": transactions["transaction_id"],
                "category": NAMES[seen.category],
                "label_timestamp": _later(transactions["timestamp"], seen.delay_seconds),
                "source": pa.array([SOURCE] * len(category), pa.string()),
            }
        )
        # Who is nobody has no account to look at.
        named = pc.is_valid(transactions["user_id"])
        return labels.filter(pc.and_(named, pa.array(seen.known)))


def _joined(first: Purchases, second: Purchases) -> Purchases:
    return Purchases(
        **{
            name: np.concatenate([getattr(first, name), getattr(second, name)])
            for name in Purchases.__dataclass_fields__
        }
    )


def days_between(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included."""
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def _later(moments: pa.ChunkedArray, seconds: NDArray[np.int64]) -> pa.Array:
    return pa.array(moments.cast(pa.int64()).to_numpy() + seconds * 1_000_000).cast(TIMESTAMP)


def _known(labels: pa.Table, until: date) -> pa.Table:
    """Return the labels that are known at the end of a day."""
    end = _midnight(until + timedelta(days=1))
    return labels.filter(pc.less(labels["label_timestamp"], end))


def _midnights(ordinals: NDArray[np.int64]) -> pa.Array:
    return pa.array((ordinals - _EPOCH) * DAY_SECONDS * 1_000_000).cast(TIMESTAMP)


def _midnight(day: date) -> pa.Scalar:
    return pa.scalar((day.toordinal() - _EPOCH) * DAY_SECONDS * 1_000_000).cast(TIMESTAMP)
