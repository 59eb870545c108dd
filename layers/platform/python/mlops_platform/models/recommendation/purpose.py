"""What recommendation is for, as its model card says."""

from typing import Final

from mlops_platform.models.recommendation.signature import LIST_LENGTH
from mlops_platform.training.model_card import Purpose

PURPOSE: Final = Purpose(
    answers="Which products a customer is likely to take up next, and what speaks for each.",
    accuracy=f"the share of take-ups that stood among the {LIST_LENGTH} items answered before them",
    limits=(
        "What is likely to be taken up need not be good for the customer: it is no advice.",
        "A product that nobody has yet is known by its kind alone, and by that to the hybrid only.",
        "Confidence is a chance of being next, not of being wanted at all.",
    ),
)
