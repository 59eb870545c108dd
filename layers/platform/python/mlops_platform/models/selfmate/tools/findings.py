"""What a tool found."""

from dataclasses import dataclass
from typing import Final

from mlops_platform.models.selfmate.tools.figure import Figure

# The outcome of any question about purchases of which there are none.
NO_PURCHASES: Final = "no_purchases"
# Outcomes that ask back: the question leaves open what a tool must know.
WHICH_GOAL: Final = "which_goal"
WHICH_AMOUNT: Final = "which_amount"


@dataclass(frozen=True)
class Findings:
    """An outcome and its figures.

    Parameters
    ----------
    outcome
        Which sentence fits; see `wording.SENTENCES`.
    figures
        What the sentence may cite; no name stands twice.
    rows
        Figures of a list, one tuple for each of its lines.
    """

    outcome: str
    figures: tuple[Figure, ...] = ()
    rows: tuple[tuple[Figure, ...], ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it asks back."""
        return self.outcome in {WHICH_GOAL, WHICH_AMOUNT}
