"""A model that drifted is trained again: once per incident, when there is enough to learn."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self

from mlops_platform.aws.clients import client
from mlops_platform.aws.execution_start import start_once
from mlops_platform.config.functions import StartRetrainingSettings
from mlops_platform.config.models import model_named
from mlops_platform.decisions.decision import Verdict
from mlops_platform.decisions.drift_decision import PERSISTENT_DAYS
from mlops_platform.decisions.retraining import decide_retraining
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.monitoring.monitoring_table import MonitoringTable
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.labels_after_change import labels_after_change

NO_INCIDENT: Final = "There is no open incident, so nothing is to be trained again."


@dataclass(frozen=True)
class DriftRetraining:
    """Starts trainings.

    Parameters
    ----------
    profiles
        What was counted, and the table in which incidents lie.
    """

    profiles: ProfileStore

    @classmethod
    def from_settings(cls, settings: StartRetrainingSettings) -> Self:
        """Connect to table and bucket."""
        table = MonitoringTable(client("dynamodb"), settings.monitoring_table)
        return cls(ProfileStore(s3=client("s3"), bucket=settings.monitoring_bucket, table=table))

    def consider(self, model_name: str, state_machine_arn: str, now: datetime) -> dict[str, Any]:
        """Start a model's training if its open incident asks for one, and it is time.

        The execution bears the incident's name, so whoever dies between its start and the note of
        it starts no second one.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        state_machine_arn
            Its training pipeline.
        now
            The moment; the training counts data before it.

        Returns
        -------
        dict
            ``incident_id`` and ``execution`` (null where there is none yet) and ``summary``, why.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        CaptureConflictError
            The profiles were being rewritten whenever they were read.
        """
        model = model_named(model_name)
        incident = self._incidents.current(model.name, DRIFT)
        if incident is None:
            return _answer(None, None, NO_INCIDENT)
        if incident.retraining:
            return _answer(incident, incident.retraining, f"Begun {incident.retrained_at}.")
        moment = now.astimezone(UTC)
        decision = decide_retraining(
            labels_after_change(self.profiles, model.name, _changed(incident), moment.date()),
            last=self._last(model.name),
            now=moment,
        )
        logger.info(
            "retraining considered",
            extra={"incident_id": incident.incident_id, "decision": decision.to_dict()},
        )
        if decision.verdict is not Verdict.PASS:
            return _answer(incident, None, decision.summary)
        self._start(incident, state_machine_arn, moment)
        return _answer(incident, incident.incident_id, decision.summary)

    @property
    def _incidents(self) -> Incidents:
        return Incidents(self.profiles.table)

    def _last(self, model_name: str) -> datetime | None:
        last = self._incidents.last_retrained_at(model_name, DRIFT)
        return datetime.fromisoformat(last) if last else None

    def _start(self, incident: Incident, state_machine_arn: str, moment: datetime) -> None:
        given = {
            "model_name": incident.model_name,
            "as_of": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "cause": incident.incident_id,
        }
        start_once(state_machine_arn, incident.incident_id, given)
        self._incidents.mark_retrained(incident, incident.incident_id, moment.isoformat())


def _changed(incident: Incident) -> date:
    """Return the first of the days that made the incident."""
    last = date.fromisoformat(incident.detail["day"])
    return last - timedelta(days=PERSISTENT_DAYS - 1)


def _answer(incident: Incident | None, execution: str | None, summary: str) -> dict[str, Any]:
    incident_id = incident.incident_id if incident else None
    return {"incident_id": incident_id, "execution": execution, "summary": summary}
