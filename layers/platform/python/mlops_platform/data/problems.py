"""What is wrong with a table, collected and told at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_platform.errors import DataValidationError

# Enough to find the mistake; a million bad rows make no better message.
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, and what to do."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def rows_shown(rows: Sequence[int], values: Sequence[object] = ()) -> str:
    """Name the first few rows, counted from 1 without the header, with their values.

    Examples
    --------
    >>> rows_shown([3, 8], ["abc", "x"])
    "row 3 ('abc'), row 8 ('x')"
    >>> rows_shown([1, 2, 3, 4, 5, 6, 7])
    'row 1, row 2, row 3, row 4, row 5 and 2 more'
    """
    shown = [
        f"row {row}" + (f" ({values[index]!r})" if values else "")
        for index, row in enumerate(rows[:SHOWN_ROWS])
    ]
    more = len(rows) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def raise_all(problems: Sequence[Problem]) -> None:
    """Raise if there is any problem.

    Raises
    ------
    DataValidationError
        With every problem on a line of its own.
    """
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise DataValidationError(
            f"The data has {count}; mend the files and run again, nothing was used:\n{listed}"
        )
