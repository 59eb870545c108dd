"""What a search for hyperparameters may try: the same ranges for Optuna and for SageMaker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What a training job that was given one point logs of it on validation; higher is better.
OBJECTIVE: Final = "validation_score"
# The hyperparameter that names a point's algorithm.
ALGORITHM: Final = "algorithm"


@dataclass(frozen=True)
class Range:
    """From where to where one hyperparameter is searched; whole numbers if both ends are.

    Parameters
    ----------
    low, high
        Both included.
    log
        Whether equal ratios, rather than equal steps, are equally likely.
    """

    low: float
    high: float
    log: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are searched."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def parse(self, text: str) -> float:
        """Return a value from its text.

        >>> Range(1, 64).parse("8"), Range(0.1, 1.0).parse("0.5")
        (8, 0.5)
        """
        return int(text) if self.is_whole else float(text)


# What is searched of each algorithm, by its hyperparameters' names.
Spaces = Mapping[str, Mapping[str, Range]]
