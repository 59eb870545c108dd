"""The main job: a model is trained, serves, meets a changed world, and is trained again."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from rich.console import Console

from benchmarks.demo import drift, report
from benchmarks.demo.admin import Admin
from benchmarks.demo.alerts import Inboxes, inboxes
from benchmarks.demo.cold_starts import cold_start_ms
from benchmarks.demo.data import upload_days
from benchmarks.demo.drift import DriftChecks
from benchmarks.demo.plan import (
    CHANGE,
    CHANGED_DAYS,
    FIRST_DAY,
    MODEL,
    N_SINGLE,
    QUIET_DAYS,
    QUIET_TIME,
    RETRAINED_ON,
    RETRAINING_TIME,
    SERVED_SINCE,
    TRAINING_TIME,
    at,
)
from benchmarks.demo.questions import QUESTIONS, Questioned, ask_all
from benchmarks.demo.rollback import RollbackTiming, roll_back_and_forward
from benchmarks.demo.serving import Serving
from benchmarks.demo.traffic import Timings
from benchmarks.demo.training import ScheduledTraining
from mlops_platform.config.models import MODELS, model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.drift_detector import DriftDetector
from mlops_platform.sdk.executions import ExecutionResult
from mlops_platform.sdk.metrics_collector import MetricsCollector
from mlops_platform.sdk.training_pipeline import RELEASED_STATE

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Demo:
    """The steps of the main job against one running local cloud.

    Parameters
    ----------
    cloud
        What the local cloud wrote about itself.
    config
        The platform on it, with a key.
    console
        Where progress goes.
    n_single
        How many predictions are asked for one by one.
    """

    cloud: dict[str, Any]
    config: MLOpsConfig
    console: Console
    n_single: int = N_SINGLE

    def run(self) -> dict[str, Any]:
        """Go through the job and return the report.

        Raises
        ------
        RuntimeError
            A step did not end as it should; the message says which and where to look.
        PlatformError, PredictionsFailedError
            The platform refused something.
        """
        self._admin.set_clock(at(SERVED_SINCE, QUIET_TIME))
        with inboxes(self.config) as told:
            first = self._train()
            questioned = self._question()
            timings = self._serve_quiet_days()
            found = self._meet_the_change(told)
            second = self._train_again()
            rollback = self._roll_back()
            alerts = told.deliveries(found.incident["incident_id"], since=found.checked_at)
        self._say(f"In service now: {json.dumps(self._api.call('GET', f'/ml/{MODEL}/health'))}")
        return report.build(
            self.cloud,
            pipeline=(*first.values(), second),
            models=[self._api.call("GET", f"/models/{model}") for model in first],
            timings=timings,
            questioned=questioned,
            cold_starts={
                model: cold_start_ms(self.config, model)
                for model in first
                if model_named(model).host == "lambda"
            },
            found=found,
            alerts=alerts,
            rollback=rollback,
            capture=self._count(sent=self._serving.n_predictions + rollback.requests),
        )

    @cached_property
    def _api(self) -> ApiClient:
        return ApiClient(self.config)

    @cached_property
    def _admin(self) -> Admin:
        return Admin(self.cloud["admin_url"])

    @cached_property
    def _serving(self) -> Serving:
        return Serving(self._api, self._admin, self.console)

    @cached_property
    def _trainings(self) -> ScheduledTraining:
        return ScheduledTraining(self.config, self._admin)

    def _train(self) -> dict[str, ExecutionResult]:
        last = SERVED_SINCE - _ONE_DAY
        rows = upload_days(self.config, FIRST_DAY, last)
        self._say(f"{rows:,} transactions of {FIRST_DAY} to {last} are in the bucket.")
        self._say("The daily schedule fires.")
        models = [model.name for model in MODELS]
        return self._released("Daily", at(SERVED_SINCE, TRAINING_TIME), models)

    def _question(self) -> dict[str, Questioned]:
        """Have the models whose life is not followed further answer for a day."""
        questioned = {}
        for model, ask in QUESTIONS.items():
            questioned[model] = ask_all(self._api, model, ask(SERVED_SINCE), self.n_single)
            self._say(
                f"{model} answers {questioned[model].timings.requests:,} requests, "
                f"{questioned[model].share_right:.1%} as the world has it."
            )
        return questioned

    def _serve_quiet_days(self) -> Timings:
        last = QUIET_DAYS[-1]
        timings = self._serving.serve(QUIET_DAYS, self.n_single)
        n_labels = self._serving.feedback.tell(self.config, self._api, MODEL, last)
        self._say(f"{n_labels:,} labels have come by {last} and are joined.")
        return timings

    def _meet_the_change(self, told: Inboxes) -> drift.Found:
        """Let the world change; return what the scheduled checks found of it."""
        checks = DriftChecks(DriftDetector(self.config), self._admin)
        before = checks.check(QUIET_DAYS[-1])
        self._say(f"{before['day']}: {before['summary']}")
        self._say(f"The world changes on {CHANGE.since}: {CHANGE.kind.description}")
        for day in CHANGED_DAYS:
            self._serving.serve([day])
            checked_at = time.monotonic()
            after = checks.check(day)
            self._say(f"{day}: {after['summary']}")
        incident = checks.incident()
        told.wait_for(incident["incident_id"])
        self._say(f"E-mail and Slack have told of {incident['incident_id']}.")
        # The next hour's check sees the same, and must tell nobody again.
        checks.check(CHANGED_DAYS[-1])
        return drift.Found(before=before, after=after, incident=incident, checked_at=checked_at)

    def _train_again(self) -> ExecutionResult:
        """Let labels mature until the incident has the model trained."""
        early = at(CHANGED_DAYS[-1] + _ONE_DAY, RETRAINING_TIME)
        self._admin.fire_schedule("DriftRetraining", early)
        last = RETRAINED_ON - _ONE_DAY
        rows = upload_days(self.config, SERVED_SINCE, last)
        n_labels = self._serving.feedback.tell(self.config, self._api, MODEL, last)
        self._say(f"{rows:,} transactions and {n_labels:,} labels more until {last}.")
        if len(self._trainings.executions(MODEL)) > 1:
            raise RuntimeError("Retraining began before there were labels to learn from.")
        self._say("The hourly schedule of retraining fires.")
        moment = at(RETRAINED_ON, RETRAINING_TIME)
        return self._released("DriftRetraining", moment, [MODEL])[MODEL]

    def _released(
        self, rule: str, moment: datetime, models: Sequence[str]
    ) -> dict[str, ExecutionResult]:
        """Follow the trainings that a schedule starts, to released versions."""
        results = self._trainings.run(
            rule, moment, models, on_state=lambda model, state: self._say(f"  {model}: {state}")
        )
        for model, result in results.items():
            self._check_release(model, result)
        return results

    def _check_release(self, model: str, result: ExecutionResult) -> None:
        if result.status != "SUCCEEDED":
            raise RuntimeError(
                f"Training of {model} ended as {result.status}: {result.error}: {result.cause}"
            )
        verdict = result.output["evaluation"]
        if RELEASED_STATE not in result.states:
            raise RuntimeError(f"The gate kept {model} back: {verdict['summary']}")
        self._say(f"{model} is released after {result.seconds:.0f} s. {verdict['summary']}")

    def _roll_back(self) -> RollbackTiming:
        timing = roll_back_and_forward(self.config, MODEL)
        self._say(
            f"Rolled back to {timing.back_to} in {timing.seconds_to_effect:.1f} s under "
            f"{timing.requests_per_second} requests/s, and forward again to {timing.forward_to}; "
            f"{timing.failed_requests} of {timing.requests} requests failed."
        )
        return timing

    def _count(self, sent: int) -> dict[str, int]:
        """Ask the platform what it counted of all that was sent."""
        self._admin.drain_subscriptions()
        counted = MetricsCollector(self.config).report_losses(MODEL)
        return {
            "sent": sent,
            "counted": counted.counted,
            "duplicated": counted.repeated,
            "lost": counted.n_lost + counted.pending,
        }

    def _say(self, sentence: str) -> None:
        self.console.print(
            f"[{time.strftime('%H:%M:%S')}] {sentence}", markup=False, highlight=False
        )
