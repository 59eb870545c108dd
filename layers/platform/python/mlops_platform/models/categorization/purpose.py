"""What categorization is for, as its model card says."""

from typing import Final

from mlops_platform.training.model_card import Purpose

PURPOSE: Final = Purpose(
    answers="What a transaction was for, by its statement line, amount and context.",
    accuracy="the share of transactions whose category is the one that their users chose",
    limits=(
        "At a shop that sells everything, only amount and a user's own corrections tell more.",
        "A brand that no training saw is told by its letters alone: expect ten points less.",
        "Answers below the threshold are guesses: ask the user.",
    ),
)
