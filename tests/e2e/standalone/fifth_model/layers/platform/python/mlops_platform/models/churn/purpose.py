"""What churn is for, as its model card says."""

from typing import Final

from mlops_platform.training.model_card import Purpose

PURPOSE: Final = Purpose(
    answers="The probability that a user has left, by when and how often they last paid.",
    accuracy="the share of users of whom it says rightly whether they have left",
    limits=("Who pauses for a holiday looks like who leaves, until they are back.",),
)
