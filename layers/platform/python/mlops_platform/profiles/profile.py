"""The profile of some predictions: counts that add up, in whatever order and however often."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlops_platform.errors import ProfileError
from mlops_platform.profiles.profile_body import pack, unpack
from mlops_platform.profiles.reference import ReferenceProfile

# Upper bounds (inclusive, as Prometheus counts) of compute times in milliseconds and of the days
# until a label came; one more bucket holds what is above the last.
COMPUTE_MS_BOUNDS: Final = (0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0)
LABEL_DELAY_DAYS_BOUNDS: Final = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 8.0, 10.0, 14.0, 21.0, 30.0)
DAY_SECONDS: Final = 86_400


class LabelledScore(NamedTuple):
    """What a label says about a prediction.

    Parameters
    ----------
    score, label
        What the model answered, and the truth.
    delay_seconds
        How late the truth came.
    predicted
        What was decided by the score; bins alone do not tell on which side of a threshold it lay.
    """

    score: float
    label: bool
    delay_seconds: float
    predicted: bool


@dataclass(frozen=True, eq=False)
class Profile:
    """Counts of some predictions of one bundle, and of labels for some.

    Counts may be negative: a label that is taken back counts -1.

    Parameters
    ----------
    bins_sha256
        The reference profile's `bins_sha256`; only counts of the same bins add up.
    counters
        By name, each an int64 array: ``n`` predictions, of which ``n_degraded`` had to do without
        something; ``bins``, laid out as a row of the reference's counts; ``compute_ms`` by
        `COMPUTE_MS_BOUNDS`; of labels ``positive`` and ``negative`` by the score's bins,
        ``label_delay`` by `LABEL_DELAY_DAYS_BOUNDS`, and ``confusion``: true and false negatives,
        false and true positives.
    """

    bins_sha256: str
    counters: Mapping[str, NDArray[np.int64]]

    @property
    def n(self) -> int:
        """How many predictions were counted."""
        return int(self.counters["n"][0])

    @property
    def n_degraded(self) -> int:
        """How many of them had to do without something."""
        return int(self.counters["n_degraded"][0])

    @property
    def n_labelled(self) -> int:
        """How many labels were counted."""
        return int(self.counters["positive"].sum() + self.counters["negative"].sum())

    @classmethod
    def empty(cls, reference: ReferenceProfile) -> Self:
        """Return the profile of nothing."""
        sizes = {
            "n": 1,
            "n_degraded": 1,
            "bins": reference.n_bins,
            "compute_ms": len(COMPUTE_MS_BOUNDS) + 1,
            "positive": reference.score.n_bins,
            "negative": reference.score.n_bins,
            "label_delay": len(LABEL_DELAY_DAYS_BOUNDS) + 1,
            "confusion": 4,
        }
        zeros = {name: np.zeros(size, dtype=np.int64) for name, size in sizes.items()}
        return cls(reference.bins_sha256, zeros)

    @classmethod
    def of(cls, reference: ReferenceProfile, records: Sequence[Mapping[str, Any]]) -> Self:
        """Count prediction records of the bundle that the reference came with.

        Parameters
        ----------
        reference
            The bundle's reference profile.
        records
            Each with `inputs`, `output`, `compute_ms` and `degraded`, as serving writes them.

        Raises
        ------
        ProfileError
            A record is not one of this bundle.
        """
        if not records:
            return cls.empty(reference)
        try:
            counted = _count_records(reference, records)
        except (KeyError, TypeError, ValueError) as error:
            raise ProfileError(
                f"A prediction record does not fit its bundle's reference profile: {error!r}. "
                "Count it with the profile of the bundle that its bundle_sha256 names."
            ) from error
        return cls(reference.bins_sha256, {**cls.empty(reference).counters, **counted})

    @classmethod
    def of_rows(
        cls, reference: ReferenceProfile, rows: NDArray[np.float32], scores: NDArray[np.float32]
    ) -> Self:
        """Count input rows of shape (n, n_inputs) and their scores of shape (n,)."""
        group = np.zeros(len(rows), dtype=np.int64)
        (bins,) = reference.count(rows, scores, group, 1)
        counted = {"n": np.array([len(rows)], dtype=np.int64), "bins": bins}
        return cls(reference.bins_sha256, {**cls.empty(reference).counters, **counted})

    @classmethod
    def of_labels(cls, reference: ReferenceProfile, labels: Iterable[LabelledScore]) -> Self:
        """Count labels that came for predictions; the predictions themselves are not counted."""
        known = list(labels)
        counters = dict(cls.empty(reference).counters)
        if known:
            columns = (np.array(column) for column in zip(*known, strict=True))
            scores, label, delay, predicted = columns
            counters["positive"] = reference.score.counts(scores[label])
            counters["negative"] = reference.score.counts(scores[~label])
            counters["label_delay"] = _buckets(delay / DAY_SECONDS, LABEL_DELAY_DAYS_BOUNDS)
            cells = np.bincount(2 * predicted + label, minlength=4)
            counters["confusion"] = cells.astype(np.int64)
        return cls(reference.bins_sha256, counters)

    def merge(self, other: "Profile") -> Self:
        """Return both counts together; associative and commutative.

        Raises
        ------
        ProfileError
            The other one counted other bins.
        """
        if other.bins_sha256 != self.bins_sha256:
            raise ProfileError(
                f"Profiles of other bins cannot be added ({self.bins_sha256[:12]} and "
                f"{other.bins_sha256[:12]}). Merge the profiles of each bundle by themselves."
            )
        summed = {name: counts + other.counters[name] for name, counts in self.counters.items()}
        return type(self)(self.bins_sha256, summed)

    def negated(self) -> Self:
        """Return the profile that takes this one back when it is merged."""
        return type(self)(self.bins_sha256, {name: -c for name, c in self.counters.items()})

    def to_bytes(self) -> bytes:
        """Return a compressed body that is the same bytes for the same counts."""
        return pack(self.bins_sha256, self.counters)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` returned.

        Raises
        ------
        ProfileError
            It is of another schema, or damaged.
        """
        return cls(*unpack(content))


def _count_records(
    reference: ReferenceProfile, records: Sequence[Mapping[str, Any]]
) -> dict[str, NDArray[np.int64]]:
    """Return the counters that records fill; a null among the inputs is NaN."""
    rows = np.array([record["inputs"] for record in records], dtype=np.float32)
    scores = [record["output"][reference.score_name] for record in records]
    n_degraded = sum(bool(record["degraded"]) for record in records)
    group = np.zeros(len(records), dtype=np.int64)
    (bins,) = reference.count(rows, np.array(scores, dtype=np.float32), group, 1)
    return {
        "n": np.array([len(records)], dtype=np.int64),
        "n_degraded": np.array([n_degraded], dtype=np.int64),
        "bins": bins,
        "compute_ms": _buckets([record["compute_ms"] for record in records], COMPUTE_MS_BOUNDS),
    }


def _buckets(values: ArrayLike, bounds: Sequence[float]) -> NDArray[np.int64]:
    """Count values by buckets with inclusive upper bounds."""
    bucket = np.searchsorted(bounds, np.asarray(values, dtype=np.float64), side="left")
    return np.bincount(bucket, minlength=len(bounds) + 1).astype(np.int64)
