"""A signal that wakes sleepers without losing a ring."""

import threading


class Bell:
    """Wakes everybody who sleeps on it.

    A thread that was busy elsewhere while it rang does not sleep at all the next time.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0
        self._heard = threading.local()

    def ring(self) -> None:
        """Say that something has happened."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`, or until it rings; not at all if it rang since the last sleep."""
        with self._condition:
            if getattr(self._heard, "rings", None) == self._rings:
                self._condition.wait(seconds)
            self._heard.rings = self._rings


job_ended = Bell()
"""Rings when a training job or an execution has ended: what `.sync` tasks wait for."""
