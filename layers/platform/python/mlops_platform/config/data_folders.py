"""Where things lie in the data bucket, beside the tables."""

from typing import Final

# What may be scored in bulk, and where its scores go.
BATCH_INPUTS: Final = "batches/"
BATCH_SCORES: Final = "scores/"
