"""The table of memberships as the arrays that churn's training works on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.data.validation import load_tables
from mlops_platform.errors import TrainingDataError
from mlops_platform.models.churn.features import feature_rows
from mlops_platform.training.epoch_seconds import epoch_seconds
from mlops_platform.training.job import TrainingJob

NOT_KNOWN: Final = np.iinfo(np.int64).max
COUNTS: Final = ("days_since_last", "n_30d", "n_90d")


@dataclass(frozen=True)
class ChurnDataset:
    """Users as they were seen, in time order, as columns of shape (n,).

    `counts`, of shape (n, 3), holds the columns `COUNTS`. `has_left` means something only where
    `known_timestamp`, in epoch seconds, is not `NOT_KNOWN`.
    """

    user: NDArray[np.object_]
    timestamp: NDArray[np.int64]
    counts: NDArray[np.float64]
    known_timestamp: NDArray[np.int64]
    has_left: NDArray[np.int64]

    @property
    def features(self) -> NDArray[np.float32]:
        """The feature rows, of shape (n, n_features)."""
        return feature_rows(*self.counts.T)

    def labelled(self, window: NDArray[np.bool_], known_before: int) -> "ChurnDataset":
        """Return a window's rows whose labels were known before an epoch second.

        Raises
        ------
        TrainingDataError
            Nobody left, or everybody did.
        """
        rows = self.take(window & (self.known_timestamp < known_before))
        if not 0 < rows.has_left.sum() < len(rows.has_left):
            raise TrainingDataError(
                "One of the windows knows only users who left, or only ones who stayed; both are "
                "needed to learn and to judge. Add labels or older data."
            )
        return rows

    def take(self, rows: NDArray[np.bool_]) -> "ChurnDataset":
        """Return some of the rows, a mask of shape (n,)."""
        return ChurnDataset(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def read_dataset(job: TrainingJob) -> ChurnDataset:
    """Validate the job's table and return what had happened, and was known, before `as_of`.

    Raises
    ------
    DataValidationError
        The table breaks its schema.
    TrainingDataError
        Nothing happened before `as_of`.
    """
    as_of = datetime.fromtimestamp(job.as_of, UTC)
    tables = load_tables({"memberships": job.channel("memberships")}, as_of=as_of)
    table = tables["memberships"].to_pandas().sort_values(["timestamp", "user_id"])
    labelled = (table["has_left"].notna() & table["label_timestamp"].notna()).to_numpy()
    known = np.full(len(table), NOT_KNOWN, dtype=np.int64)
    known[labelled] = epoch_seconds(table["label_timestamp"][labelled])
    known[known >= job.as_of] = NOT_KNOWN
    has_left = np.zeros(len(table), dtype=np.int64)
    has_left[known < NOT_KNOWN] = table["has_left"][known < NOT_KNOWN].to_numpy(dtype=np.int64)
    dataset = ChurnDataset(
        user=table["user_id"].to_numpy(dtype=object),
        timestamp=epoch_seconds(table["timestamp"]),
        counts=table[list(COUNTS)].to_numpy(dtype=np.float64),
        known_timestamp=known,
        has_left=has_left,
    )
    past = dataset.take(dataset.timestamp < job.as_of)
    if not len(past.timestamp):
        raise TrainingDataError("Nobody was seen before as_of: add older data.")
    return past
