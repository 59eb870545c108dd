"""How long monitoring remembers single predictions, and what people were told."""

from typing import Final

# Longer than any environment keeps its logs and dead letters, from which predictions may come
# again: what was forgotten would count twice.
PREDICTION_DAYS: Final = 400
# Longer than an event can come again: a queue and its dead letters keep it for weeks.
ALERT_DAYS: Final = 400
