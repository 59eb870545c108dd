"""Drift, for people who write Python: the platform's verdicts, and its decision on any table."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np

from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.decisions.drift import decide_drift
from mlops_platform.decisions.drift_decision import PERSISTENT_DAYS, DriftDecision
from mlops_platform.errors import DriftDataError
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.day_table import SCORE, DayTable

_EPOCH: Final = date(1970, 1, 1).toordinal()


class DriftDetector:
    """The drift of one environment's models, and of tables.

    Parameters
    ----------
    config
        Which environment, and where; its key needs the scope `read`. Judging a table needs neither.

    Examples
    --------
    >>> detector = DriftDetector(MLOpsConfig())
    >>> day = np.repeat(np.arange("2026-01-01", "2026-01-29", dtype="datetime64[D]"), 500)
    >>> amount = np.random.default_rng(0).normal(size=len(day))
    >>> asyncio.run(
    ...     detector.initialize_detector("fraud_detection", {"timestamp": day, "amount": amount})
    ... )
    >>> today = {"timestamp": np.repeat(day[-1] + 1, 500), "amount": amount[:500] + 1}
    >>> asyncio.run(detector.detect_data_drift("fraud_detection", today)).named
    ('amount',)
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config
        self._references: dict[str, ReferenceProfile] = {}

    async def initialize_detector(self, model_name: str, reference_data: Any) -> None:
        """Learn how the inputs of a model lay while all was well.

        Parameters
        ----------
        model_name
            A model of the catalogue; each has one reference, the last one given.
        reference_data
            A DataFrame, an Arrow table or a mapping of arrays: ``timestamp``, whose UTC days are
            compared, and a column of numbers for each input; ``score`` if there is one, of a model
            that was not fitted on these rows. An empty number is a null. 14 whole days of 300 rows
            are the least from which anything can be decided, four weeks are good.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        DriftDataError
            It is no table, has no rows, or a column is missing or cannot be read.
        """
        model = model_named(model_name)
        self._references[model.name] = await asyncio.to_thread(_learn, reference_data)

    async def detect_data_drift(self, model_name: str, current: Any) -> DriftDecision:
        """Decide whether the last day of a table still lies as the reference does.

        Parameters
        ----------
        model_name
            A model whose detector was initialized.
        current
            A table with the reference's columns, the score included if that has one, of whole
            days: the last one is judged, and it takes 300 rows. A drift lasts, and pages, if the
            day before that shows it as well; earlier days do not matter.

        Returns
        -------
        DriftDecision
            As the platform decides on a bundle's days; INCONCLUSIVE where the reference holds too
            few days or the last day too few rows.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        DriftDataError
            The detector was not initialized, or the table is not like its reference.
        """
        model = model_named(model_name)
        reference = self._references.get(model.name)
        if reference is None:
            raise DriftDataError(
                f"There is no reference of {model_name} to compare with; call "
                "initialize_detector first."
            )
        return await asyncio.to_thread(_decide, reference, current, model.label_inputs)

    def verdicts(self, model_name: str, since: date | None = None) -> dict[str, Any]:
        """Return what the platform's hourly watch decided; see `report_drift`.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        since
            The first day; two weeks ago by default.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        ApiError, ConfigurationError
            The API did not answer, or there is no key.
        """
        query = "" if since is None else "?" + urlencode({"since": since.isoformat()})
        path = f"/models/{model_named(model_name).name}/drift{query}"
        return ApiClient(self.config).call("GET", path)

    def latest(self, model_name: str) -> dict[str, Any] | None:
        """Return the newest verdict, however old it is; None if there is none.

        Raises
        ------
        ModelNotFoundError, ApiError, ConfigurationError
            As for `verdicts`.
        """
        verdict: dict[str, Any] | None = self.verdicts(model_name)["latest"]
        return verdict


def _learn(table: Any) -> ReferenceProfile:
    rows = DayTable.read(table)
    return ReferenceProfile.learn(rows.names, rows.inputs, rows.scores, rows.day, score_name=SCORE)


def _decide(
    reference: ReferenceProfile, table: Any, label_inputs: tuple[str, ...]
) -> DriftDecision:
    # Without scores the reference's are all null, and nulls have no edges.
    scored = bool(reference.score.edges)
    rows = DayTable.read_like(table, tuple(reference.inputs), scored=scored)
    return decide_drift(reference, _last_days(reference, rows), label_inputs=label_inputs)


def _last_days(reference: ReferenceProfile, rows: DayTable) -> Mapping[date, Profile]:
    """Count the last day and those right before it that show whether a drift lasts."""
    first = int(rows.day.max()) - PERSISTENT_DAYS + 1
    return {
        date.fromordinal(int(day) + _EPOCH): Profile.of_rows(
            reference, rows.inputs[rows.day == day], rows.scores[rows.day == day]
        )
        for day in np.unique(rows.day[rows.day >= first])
    }
