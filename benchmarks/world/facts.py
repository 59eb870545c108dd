"""The facts that the world was calibrated against, how near it should be, and why it is not.

Sources: Birmingham City Council's purchase cards (181,335 transactions), the Fraud Detection
Handbook's simulator and a published generator of card transactions. Facts of merchants were
measured on names without digits and signs, which `measuring.measure_cards` makes.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact.

    Parameters
    ----------
    name, title
        What the measure is called by programs and by people.
    value
        The fact; None where there is none and the world chose by itself.
    band
        How far the world may be from it either way.
    why
        Why the world differs, where we know.
    """

    name: str
    title: str
    value: float | None = None
    band: float = 0.0
    why: str = "why is not known."

    def holds(self, measured: float) -> bool | None:
        """Whether a measure is within the band; None without a fact."""
        return None if self.value is None else abs(measured - self.value) <= self.band

    def to_dict(self, measured: float) -> dict[str, Any]:
        """Return the comparison."""
        return {
            "world": round(measured, 5),
            "fact": self.value,
            "band": self.band,
            "within": self.holds(measured),
        }


_CLOSED = "The world's merchants are a closed list; each is met many times."
_HABITS = "Twelve habits a person, drawn from a flatter law than strangers' purchases, carry 72 %."
_HOUSEHOLD = "Households pay smaller sums, and less unequal ones, than a council's departments."
_OFTEN = "A household's cards are used daily, a council's card weekly; see the rates' variation."
_LEVEL = "Chosen lower or narrower than a council's, for what a household pays there."

POPULARITY: Final = (
    Fact(name="zipf_slope", title="Zipf slope of merchants", value=-1.18, band=0.15, why=_HABITS),
    Fact(name="top_10_share", title="top 10 merchants' share", value=0.27, band=0.07, why=_HABITS),
    Fact(
        name="top_100_share", title="top 100 merchants' share", value=0.57, band=0.07, why=_HABITS
    ),
    Fact(name="seen_once_share", title="merchants seen once", value=0.54, band=0.1, why=_CLOSED),
    Fact(
        name="new_merchant_share",
        title="at new merchants, last month",
        value=0.06,
        band=0.03,
        why=_CLOSED,
    ),
)
AMOUNTS: Final = (
    Fact(name="log_amount_mean", title="log amount, mean", value=3.73, band=0.25, why=_HOUSEHOLD),
    Fact(name="log_amount_sd", title="log amount, sd", value=1.52, band=0.2, why=_HOUSEHOLD),
    Fact(name="cents_00_share", title="amounts ending in .00", value=0.21, band=0.02),
    Fact(name="cents_99_share", title="amounts ending in .99", value=0.05, band=0.01),
    Fact(name="cents_50_share", title="amounts ending in .50", value=0.045, band=0.01),
    Fact(
        name="refund_share",
        title="refunds",
        value=0.028,
        band=0.01,
        why="The documented tables hold payments: amounts must be positive.",
    ),
)
# The world's kinds of merchants for which there are facts: log mean and sd.
KIND_MOMENTS: Final = {
    "fuel": (3.93, 0.55),
    "grocery_store": (3.10, 1.22),
    "books": (3.11, 1.26),
    "phone": (4.20, 1.25),
    "travel": (4.15, 1.89),
    "fees": (4.62, 1.76),
}
BY_KIND: Final = tuple(
    Fact(
        name=f"log_{moment}_{kind}",
        title=f"log amount, {moment}: {kind}",
        value=value,
        band=0.2,
        why=_LEVEL,
    )
    for kind, both in KIND_MOMENTS.items()
    for moment, value in zip(("mean", "sd"), both, strict=True)
)
PACES: Final = (
    Fact(
        name="per_month_mean",
        title="transactions a user-month, mean",
        value=6.4,
        band=2.0,
        why=_OFTEN,
    ),
    Fact(
        name="per_month_dispersion",
        title="their variance / mean",
        value=14.0,
        band=4.0,
        why="It grows with the mean, which is higher; see the rates' variation.",
    ),
    Fact(
        name="rate_cv2",
        title="squared variation of rates",
        # (14 - 1) / 6.4: what the two facts above say together.
        value=2.03,
        band=1.0,
    ),
    Fact(
        name="repeat_share",
        title="repeat a merchant of the same user",
        value=0.72,
        band=0.05,
        why="72 % are habits, and strangers' purchases often repeat a popular merchant, too.",
    ),
)
TEXTS: Final = (
    Fact(name="text_median_length", title="descriptor, median length", value=17, band=2),
    Fact(name="text_max_length", title="descriptor, longest", value=25, band=0),
    Fact(name="text_digits_share", title="descriptors with digits", value=0.15, band=0.05),
    Fact(name="text_url_share", title="URL-like descriptors", value=0.09, band=0.03),
)
AMBIGUITY: Final = (
    Fact(name="merchant_rule_accuracy", title="best rule by merchant", value=0.898, band=0.03),
    Fact(
        name="ambiguous_share",
        title="at merchants of several categories",
        value=0.72,
        band=0.1,
    ),
)
FRAUD: Final = (
    Fact(name="fraud_share", title="fraud", value=0.00837, band=0.0025),
    Fact(name="report_delay_median_days", title="days until a report", value=1.0, band=0.15),
    Fact(
        name="genuine_delay_median_days", title="days until taken as genuine", value=7.0, band=0.1
    ),
    Fact(name="fraud_missed_share", title="frauds never reported", value=0.05, band=0.02),
    Fact(name="fraud_wrong_share", title="genuine, reported as fraud"),
    Fact(name="fraud_unlabelled_share", title="without a fraud label"),
    Fact(name="category_delay_median_days", title="days until a category is told"),
    Fact(name="category_wrong_share", title="told categories that are wrong"),
    Fact(name="category_unlabelled_share", title="without a category label"),
)
FACTS: Final = (*POPULARITY, *AMOUNTS, *BY_KIND, *PACES, *TEXTS, *AMBIGUITY, *FRAUD)
# Processor seconds on one core for a million transactions.
MOST_SECONDS_PER_MILLION: Final = 10.0
