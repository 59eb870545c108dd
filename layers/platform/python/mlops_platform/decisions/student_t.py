"""Student's t distribution for whole degrees of freedom, without scipy's 100 MB in a function."""

import math

_TOLERANCE = 1e-12


def central_probability(t: float, degrees_of_freedom: int) -> float:
    """Return P(|T| <= t), which is a finite sum where the degrees of freedom are whole.

    Parameters
    ----------
    t
        A value >= 0.
    degrees_of_freedom
        A whole number >= 1; the sum has half as many terms.

    References
    ----------
    .. [1] Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.

    Examples
    --------
    >>> round(central_probability(1.0, 1), 12)
    0.5
    """
    angle = math.atan2(t, math.sqrt(degrees_of_freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees_of_freedom % 2 == 1
    if degrees_of_freedom == 1:
        return 2 * angle / math.pi
    term = total = cosine if odd else 1.0
    for upper in range(3 if odd else 2, degrees_of_freedom - 1, 2):
        term *= cosine**2 * (upper - 1) / upper
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def quantile(probability: float, degrees_of_freedom: int) -> float:
    """Return the t below which `probability` of the distribution lies.

    Parameters
    ----------
    probability
        In (0, 1).
    degrees_of_freedom
        A whole number >= 1.

    Raises
    ------
    ValueError
        An argument is outside its range.

    Examples
    --------
    >>> round(quantile(0.975, 9), 6)
    2.262157
    """
    if not 0 < probability < 1 or degrees_of_freedom < 1:
        raise ValueError(
            f"quantile({probability}, {degrees_of_freedom}): give a probability in (0, 1) and at "
            "least one degree of freedom."
        )
    central = abs(2 * probability - 1)
    low, high = 0.0, 1.0
    while central_probability(high, degrees_of_freedom) < central:
        low, high = high, 2 * high
    while high - low > _TOLERANCE * max(1.0, high):
        middle = (low + high) / 2
        if central_probability(middle, degrees_of_freedom) < central:
            low = middle
        else:
            high = middle
    return math.copysign((low + high) / 2, probability - 0.5)
