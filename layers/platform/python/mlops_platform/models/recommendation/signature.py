"""What a caller sends to recommendation, and what comes back."""

from collections.abc import Mapping
from typing import Any, Final

from mlops_platform.bundle.signature import Field

# What is known of customers beside their products, if they are willing to tell.
COLUMNS: Final = ("age_band", "region", "income_band")
LIST_LENGTH: Final = 5
MAX_LIST_LENGTH: Final = 20

REQUEST: Final = (
    Field(name="owned", type="identifiers", alias="history"),
    *(Field(name=name, type="text") for name in COLUMNS),
    Field(name="n", type="number", positive=True),
    Field(name="user_id", type="identifier"),
    Field(name="timestamp", type="timestamp"),
)
RESPONSE: Final = (
    Field(name="items", type="objects"),
    Field(name="confidence", type="number"),
)


def length_problems(features: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what is wrong with the number of items that a request asks for, if it is a number.

    Examples
    --------
    >>> length_problems({"n": 2.5})
    [{'field': 'n', 'message': '2.5 is not a whole number from 1 to 20.'}]
    """
    n = features.get("n")
    if isinstance(n, bool) or not isinstance(n, int | float) or not n > 0:
        return []
    if n <= MAX_LIST_LENGTH and n == int(n):
        return []
    return [{"field": "n", "message": f"{n} is not a whole number from 1 to {MAX_LIST_LENGTH}."}]
