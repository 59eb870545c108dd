"""What SelfMate is for, as its model card says."""

from typing import Final

from mlops_platform.training.model_card import Purpose

PURPOSE: Final = Purpose(
    answers="What a user asks about their own money, answered in figures that tools computed.",
    accuracy=(
        "the share of utterances whose intent and slots are both read rightly, in wordings of "
        "which none was learnt from; what is out of scope must be refused"
    ),
    limits=(
        "It knows English, and the questions of its tools; it refuses, or misreads, all others.",
        "It answers from the purchases and goals that a request brings, and from nothing else.",
        "It gives figures, no advice.",
    ),
)
