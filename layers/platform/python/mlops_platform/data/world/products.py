"""What a personal-finance company sells: kinds of products, and what makes people want them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.world.randomness import Stream, stream


@dataclass(frozen=True)
class ProductKind:
    """One kind of products: whom it suits, and what it is wanted beside.

    Parameters
    ----------
    name
        Its name in the table ``items``.
    income
        What a standard deviation of log income adds to its log-odds.
    age
        Age in years at which it is wanted most.
    after
        Kinds whose owners want it more.
    titles
        Its products; each next one is for people of somewhat higher income.
    """

    name: str
    income: float
    age: float
    after: tuple[str, ...]
    titles: tuple[str, ...]


KINDS: Final = (
    ProductKind(
        "current_account",
        -0.4,
        24.0,
        (),
        ("Everyday Account", "Student Account", "Joint Account", "Premier Account"),
    ),
    ProductKind(
        "savings_account",
        -0.2,
        40.0,
        ("current_account",),
        ("Easy Access Saver", "Regular Saver", "Fixed Saver 1 Year", "Fixed Saver 3 Years"),
    ),
    ProductKind(
        "credit_card",
        0.0,
        32.0,
        ("current_account",),
        ("Starter Card", "Balance Transfer Card", "Cashback Card", "Platinum Rewards Card"),
    ),
    ProductKind(
        "personal_loan",
        -0.6,
        30.0,
        ("credit_card",),
        ("Small Loan", "Car Loan", "Debt Consolidation Loan", "Home Improvement Loan"),
    ),
    ProductKind(
        "mortgage",
        0.5,
        36.0,
        ("savings_account",),
        ("First Home Mortgage", "Tracker Mortgage", "Fixed Mortgage 5 Years", "Buy to Let"),
    ),
    ProductKind(
        "home_insurance",
        0.2,
        46.0,
        ("mortgage",),
        ("Renters Cover", "Contents Cover", "Buildings Cover", "Home Cover Plus"),
    ),
    ProductKind(
        "car_insurance",
        0.1,
        38.0,
        ("personal_loan",),
        ("Young Driver Cover", "Third Party Cover", "Comprehensive Cover", "Two Car Cover"),
    ),
    ProductKind(
        "life_insurance",
        0.2,
        44.0,
        ("mortgage",),
        ("Over 50s Plan", "Term Life Cover", "Family Income Cover", "Critical Illness Cover"),
    ),
    ProductKind(
        "travel_insurance",
        0.3,
        52.0,
        ("credit_card",),
        ("Single Trip Cover", "Backpacker Cover", "Annual Trip Cover", "Winter Sports Cover"),
    ),
    ProductKind(
        "isa",
        0.4,
        48.0,
        ("savings_account",),
        ("Cash ISA", "Lifetime ISA", "Junior ISA", "Stocks and Shares ISA"),
    ),
    ProductKind(
        "fund",
        0.8,
        45.0,
        ("isa",),
        ("Index Tracker Fund", "Balanced Fund", "Green Energy Fund", "Emerging Markets Fund"),
    ),
    ProductKind(
        "pension_plan",
        0.5,
        56.0,
        ("fund",),
        ("Workplace Pension Top-up", "Personal Pension", "Self-invested Pension", "Annuity Plan"),
    ),
)
REGIONS: Final = np.array(
    ["london", "midlands", "north", "scotland", "south_east", "south_west", "wales", "east"]
)
# Years from a kind's best age at which its odds are e ** -0.5 of the best.
AGE_WIDTH: Final = 14.0
TIER_INCOME: Final = 0.3
# How much places and hidden tastes differ in what they want, in log-odds.
REGION_SIGMA: Final = 0.6
N_TASTES: Final = 3
TASTE_SIGMA: Final = 0.9
POPULARITY_EXPONENT: Final = 0.5


@dataclass(frozen=True)
class Products:
    """All products as columns of shape (n_items,).

    Parameters
    ----------
    identifier, title
        Their ids and names.
    kind
        Index into `KINDS`.
    popularity
        Log-odds that they have with everybody.
    income
        What a standard deviation of log income adds.
    by_region
        What a region adds, of shape (n_regions, n_items).
    taste
        What each hidden taste adds, of shape (N_TASTES, n_items).
    """

    identifier: NDArray[np.str_]
    title: NDArray[np.str_]
    kind: NDArray[np.int64]
    popularity: NDArray[np.float64]
    income: NDArray[np.float64]
    by_region: NDArray[np.float64]
    taste: NDArray[np.float64]


def make_products(seed: int) -> Products:
    """Draw what is not said of the catalogue: which of it is popular, where, and with whom."""
    random = stream(seed, Stream.PRODUCTS)
    sizes = [len(kind.titles) for kind in KINDS]
    n_items = sum(sizes)
    tier = np.concatenate([np.arange(size) - (size - 1) / 2 for size in sizes])
    rank = random.permutation(n_items) + 1.0
    return Products(
        identifier=np.array([f"p{number:03d}" for number in range(n_items)]),
        title=np.array([title for kind in KINDS for title in kind.titles]),
        kind=np.repeat(np.arange(len(KINDS)), sizes),
        popularity=-POPULARITY_EXPONENT * np.log(rank),
        income=np.repeat([kind.income for kind in KINDS], sizes) + TIER_INCOME * tier,
        by_region=random.normal(0.0, REGION_SIGMA, (len(REGIONS), n_items)),
        taste=random.normal(0.0, TASTE_SIGMA, (N_TASTES, n_items)),
    )
