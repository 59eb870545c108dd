"""Waiting before trying again."""

import random
import time

_FIRST_SECONDS = 0.01
_LONGEST_SECONDS = 1.0


def pause(attempt: int) -> None:
    """Wait after attempt number `attempt`, the first being 0.

    The longest wait doubles each time, and the wait is drawn below it ("full jitter"), so that
    those who collided do not collide again.
    """
    longest = min(_FIRST_SECONDS * 2**attempt, _LONGEST_SECONDS)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - nothing secret depends on it
