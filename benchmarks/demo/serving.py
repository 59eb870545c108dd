"""The days on which the model serves: every transaction is predicted, labels come later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from rich.console import Console
from rich.progress import track

from benchmarks.demo.admin import Admin
from benchmarks.demo.batches import send_batches
from benchmarks.demo.data import rounds_of
from benchmarks.demo.feedback import Feedback
from benchmarks.demo.plan import MODEL
from benchmarks.demo.traffic import Timings, send
from mlops_platform.sdk.api_client import ApiClient


@dataclass
class Serving:
    """What was asked for, and what became of it.

    Parameters
    ----------
    api, admin
        The platform's API, and the local cloud under it.
    console
        Where progress goes.

    Attributes
    ----------
    feedback : Feedback
        Predictions that wait for their labels.
    n_predictions : int
        How many were asked for.
    """

    api: ApiClient
    admin: Admin
    console: Console
    feedback: Feedback = field(default_factory=Feedback)
    n_predictions: int = 0

    def serve(self, days: Sequence[date], n_single: int = 0) -> Timings:
        """Have all transactions of some days predicted: the first one by one, and timed.

        Parameters
        ----------
        days
            In a row.
        n_single
            How many are asked for one by one; the rest comes in batches.

        Raises
        ------
        PredictionsFailedError, ApiError
            Some were not answered.
        """
        rounds = [each for day in days for each in rounds_of(day)]
        n = sum(map(len, rounds))
        bar = iter(track(range(n), f"{n:,} predictions", console=self.console))
        timings = Timings()
        for requests in rounds:
            single = max(0, n_single - timings.requests)
            first, rest = requests[:single], requests[single:]
            ids = [
                *send(self.api, MODEL, first, timings, on_answer=lambda: next(bar, None)),
                *send_batches(self.api, MODEL, rest, on_answer=lambda: next(bar, None)),
            ]
            named = zip((each["transaction_id"] for each in requests), ids, strict=True)
            self.feedback.waiting.update(named)
            self.admin.drain_subscriptions()
        self.n_predictions += n
        # Nothing more comes; the bar's last step is its end.
        next(bar, None)
        return timings
