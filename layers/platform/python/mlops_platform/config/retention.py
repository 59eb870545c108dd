"""How long monitoring remembers single predictions."""

from typing import Final

# Longer than any environment keeps its logs and dead letters, from which predictions may come
# again: what was forgotten would count twice.
PREDICTION_DAYS: Final = 400
