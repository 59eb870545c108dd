"""The days on which the model serves: every transaction is predicted, labels come later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from rich.console import Console
from rich.progress import Progress

from benchmarks.demo.admin import Admin
from benchmarks.demo.data import rounds_of
from benchmarks.demo.feedback import Feedback
from benchmarks.demo.plan import MODEL
from benchmarks.demo.traffic import Timings, send_in_batches, send_singly
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
            Some were not answered with predictions.
        """
        rounds = [each for day in days for each in rounds_of(day)]
        n = sum(map(len, rounds))
        timings = Timings()
        with Progress(console=self.console) as progress:
            advance = partial(progress.advance, progress.add_task(f"{n:,} predictions", total=n))
            for requests in rounds:
                single = max(0, n_single - timings.requests)
                predictions = [
                    *send_singly(self.api, MODEL, requests[:single], timings, advance),
                    *send_in_batches(self.api, MODEL, requests[single:], timings, advance),
                ]
                for request, prediction in zip(requests, predictions, strict=True):
                    self.feedback.waiting[request["transaction_id"]] = prediction["prediction_id"]
                self.admin.drain_subscriptions()
        self.n_predictions += n
        return timings
