"""Drift, for people who write Python: the platform's verdicts, and its decision on any table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.decisions.drift import decide_drift
from mlops_platform.decisions.drift_decision import DriftDecision
from mlops_platform.errors import DriftDataError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.moments import as_utc, parse_moment
from mlops_platform.profiles.profile import Profile
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.sdk.api_client import ApiClient

TIMESTAMP: Final = "timestamp"
SCORE: Final = "score"
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class _Rows:
    """A table by days: inputs (n, n_inputs), scores (n,) and days since 1970-01-01 (n,)."""

    names: tuple[str, ...]
    inputs: NDArray[np.float32]
    scores: NDArray[np.float32]
    day: NDArray[np.int64]


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
            compared, and a column of numbers for each input; ``score`` if there is one. 14 whole
            days of 300 rows are the least from which anything can be decided, four weeks are good.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        DriftDataError
            A column is missing or holds no numbers, or there are no rows.
        """
        model = model_named(model_name)
        rows = await asyncio.to_thread(_read, reference_data)
        self._references[model.name] = ReferenceProfile.learn(
            rows.names, rows.inputs, rows.scores, rows.day, score_name=SCORE
        )

    async def detect_data_drift(self, model_name: str, current: Any) -> DriftDecision:
        """Decide whether the last day of a table still lies as the reference does.

        Parameters
        ----------
        model_name
            A model whose detector was initialized.
        current
            A table like the reference, of one or more whole days in a row; a drift lasts, and
            pages, if the day before shows it as well.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        DriftDataError
            The detector was not initialized, or the table is not like its reference.
        """
        reference = self._references.get(model_named(model_name).name)
        if reference is None:
            raise DriftDataError(
                f"There is no reference of {model_name} to compare with; call "
                "initialize_detector first."
            )
        rows = await asyncio.to_thread(_read, current, tuple(reference.inputs))
        return decide_drift(reference, _by_day(reference, rows))

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
        """Return the newest verdict of the last two weeks, None if there is none.

        Raises
        ------
        ModelNotFoundError, ApiError, ConfigurationError
            As for `verdicts`.
        """
        verdict: dict[str, Any] | None = self.verdicts(model_name)["latest"]
        return verdict


def _by_day(reference: ReferenceProfile, rows: _Rows) -> Mapping[date, Profile]:
    return {
        date.fromordinal(int(day) + _EPOCH): Profile.of_rows(
            reference, rows.inputs[rows.day == day], rows.scores[rows.day == day]
        )
        for day in np.unique(rows.day)
    }


def _read(table: Any, names: Sequence[str] | None = None) -> _Rows:
    """Read a table; its inputs are `names`, or all columns that are neither time nor score."""
    columns = [str(name) for name in getattr(table, "column_names", None) or list(table)]
    inputs = tuple(names or (name for name in columns if name not in {TIMESTAMP, SCORE}))
    missing = [name for name in (TIMESTAMP, *inputs) if name not in columns]
    if missing or not inputs:
        raise DriftDataError(
            f"The table lacks {', '.join(missing) or 'inputs'}; it has {', '.join(columns)}. Give "
            f"{TIMESTAMP} and a column of numbers for each input."
        )
    day = _days(table[TIMESTAMP])
    if not len(day):
        raise DriftDataError("The table has no rows; give whole days.")
    scores = _numbers(table, SCORE) if SCORE in columns else np.zeros(len(day), dtype=np.float32)
    return _Rows(inputs, np.column_stack([_numbers(table, name) for name in inputs]), scores, day)


def _days(column: Any) -> NDArray[np.int64]:
    """Return the UTC days, counted from 1970-01-01, of times; those without a zone are UTC's."""
    moments = np.asarray(column)
    try:
        if moments.dtype.kind != "M":
            # Times with a zone have no type of NumPy's; texts have none either.
            seconds = [_moment(each).timestamp() for each in moments.tolist()]
            return np.floor_divide(seconds, DAY_SECONDS).astype(np.int64)
        return moments.astype("datetime64[D]").astype(np.int64)
    except (TypeError, ValueError) as error:
        raise DriftDataError(f"Column {TIMESTAMP} holds no times: {error}.") from error


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return as_utc(value)
    return parse_moment(str(value))


def _numbers(table: Any, name: str) -> NDArray[np.float32]:
    try:
        return np.asarray(table[name], dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DriftDataError(
            f"Column {name} holds no numbers: {error}. Encode it as the model's inputs are."
        ) from error
