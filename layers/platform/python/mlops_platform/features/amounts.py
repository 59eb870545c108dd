"""Money as features count it: whole minor units, so that sums are exact in any order."""

# A hundred thousand in the currency's major unit. Larger amounts count as this one, so that a
# 64-bit sum holds the squares of ninety thousand of them and of billions of ordinary ones.
MAX_AMOUNT_MINOR = 10_000_000


def to_minor(amount: float) -> int:
    """Return an amount in minor units (cents), capped at `MAX_AMOUNT_MINOR`.

    Examples
    --------
    >>> to_minor(12.34)
    1234
    >>> to_minor(1e308)
    10000000
    """
    return round(min(amount * 100.0, MAX_AMOUNT_MINOR))
