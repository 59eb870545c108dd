"""The shop as an observer meets it: tables of products, of customers and of what they take up."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mlops_platform.data.world.customers import LONGEST_MEMBERSHIP_DAYS, Customers
from mlops_platform.data.world.people import People
from mlops_platform.data.world.products import KINDS, REGIONS, Products
from mlops_platform.data.world.take_ups import TakeUps
from mlops_platform.features.clock import DAY_SECONDS

_EPOCH: Final = date(1970, 1, 1).toordinal()


def items_table(products: Products) -> pa.Table:
    """Return the table ``items``."""
    kinds = np.array([kind.name for kind in KINDS])
    return pa.table(
        {
            "item_id": products.identifier,
            "kind": kinds[products.kind],
            "title": products.title,
        }
    )


def users_table(people: People, customers: Customers, since: date) -> pa.Table:
    """Return the table ``users`` of a world whose first day is `since`."""
    return pa.table(
        {
            "user_id": people.identifier,
            "signup_timestamp": _moments(customers.signup_second, since),
            "age_band": customers.age_band,
            "region": REGIONS[customers.region],
            "income_band": pa.array(customers.income_band, mask=customers.withholds_income),
        }
    )


def interactions_table(
    people: People, products: Products, take_ups: TakeUps, first: date, last: date, since: date
) -> pa.Table:
    """Return the rows of ``interactions`` of the days from `first` to `last`, both included.

    The world's first day, `since`, holds what people had taken up before it, too.
    """
    begin, end = (first - since).days, (last - since).days + 1
    if begin == 0:
        begin = -LONGEST_MEMBERSHIP_DAYS
    taken = take_ups.between(begin * DAY_SECONDS, end * DAY_SECONDS)
    return pa.table(
        {
            "user_id": people.identifier[taken.user],
            "item_id": products.identifier[taken.item],
            "timestamp": _moments(taken.second, since),
        }
    )


def _moments(second: NDArray[np.int64], since: date) -> pa.Array:
    epoch_second = (since.toordinal() - _EPOCH) * DAY_SECONDS + second
    return pa.array(epoch_second * 1_000_000).cast(pa.timestamp("us", tz="UTC"))
