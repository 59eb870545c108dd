"""What fraud detection is for, as its model card says."""

from typing import Final

from mlops_platform.training.model_card import Purpose

PURPOSE: Final = Purpose(
    answers="The probability that a card transaction is fraud, and what speaks for it.",
    accuracy=(
        "the share of transactions that the threshold calls rightly; as fraud is rare, it means "
        "something only beside majority_accuracy"
    ),
    limits=(
        "A card just stolen and a shop just broken into look honest until amounts or labels tell.",
        "The threshold weighs amounts against REVIEW_COST; another cost asks for another one.",
        "Labels of the last week are unknown to training: what began since then is not learnt.",
    ),
)
