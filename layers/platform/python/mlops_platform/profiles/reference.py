"""The reference profile: how a model's inputs and scores lay, day by day, when it was trained."""

import functools
import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import ProfileError
from mlops_platform.profiles.binning import Binning

SCHEMA_VERSION: Final = 1
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True, eq=False)
class ReferenceProfile:
    """What production is compared with; it travels in the bundle as ``reference_profile.json``.

    Parameters
    ----------
    score_name
        Which field of the model's output is its score.
    score
        The score's bins.
    inputs
        Each input's bins, in the order of the model's input row.
    days
        The UTC days that were counted, ascending.
    counts
        For each day how many values fell into each bin, of shape (n_days, n_bins): the score's
        bins, then each input's; see `sections`.
    """

    score_name: str
    score: Binning
    inputs: Mapping[str, Binning]
    days: tuple[date, ...]
    counts: NDArray[np.int64]

    @classmethod
    def learn(
        cls,
        names: Sequence[str],
        rows: NDArray[np.float32],
        scores: NDArray[np.float32],
        day: NDArray[np.int64],
        *,
        score_name: str,
    ) -> Self:
        """Learn bins from a model's last days of training and count those days.

        Parameters
        ----------
        names
            The inputs' names.
        rows, scores, day
            Input rows of shape (n, n_inputs), their scores by a model that was not fitted on them,
            and their UTC days since 1970-01-01, both of shape (n,).
        score_name
            Which field of the model's output the score is.
        """
        days, group = np.unique(day, return_inverse=True)
        bins = cls(
            score_name=score_name,
            score=Binning.learn(scores),
            inputs={name: Binning.learn(rows[:, index]) for index, name in enumerate(names)},
            days=tuple(date.fromordinal(int(number) + _EPOCH) for number in days),
            counts=np.zeros((0, 0), dtype=np.int64),
        )
        return replace(bins, counts=bins.count(rows, scores, group, len(days)))

    @functools.cached_property
    def sections(self) -> dict[str, slice]:
        """Where the bins of the score (under ``""``) and of each input lie in a row of counts."""
        sizes = [self.score.n_bins, *(binning.n_bins for binning in self.inputs.values())]
        ends = list(itertools.accumulate(sizes, initial=0))
        spans = itertools.starmap(slice, itertools.pairwise(ends))
        return dict(zip(["", *self.inputs], spans, strict=True))

    @property
    def n_bins(self) -> int:
        """How many bins the score and all inputs have together."""
        return self.score.n_bins + sum(binning.n_bins for binning in self.inputs.values())

    def count(
        self,
        rows: NDArray[np.float32],
        scores: NDArray[np.float32],
        group: NDArray[np.int64],
        n_groups: int,
    ) -> NDArray[np.int64]:
        """Count rows by group.

        Parameters
        ----------
        rows, scores, group
            Input rows of shape (n, n_inputs), their scores and their groups (0 to `n_groups` - 1),
            both of shape (n,).
        n_groups
            How many groups there are.

        Returns
        -------
        ndarray of shape (n_groups, n_bins)
        """
        columns = [scores, *rows.T]
        counted = [
            _count_groups(binning, column, group, n_groups)
            for binning, column in zip((self.score, *self.inputs.values()), columns, strict=True)
        ]
        return np.concatenate(counted, axis=1)

    @functools.cached_property
    def bins_sha256(self) -> str:
        """The hash of the bins alone: counts under equal hashes may be added."""
        canonical = json.dumps(self._bins(), separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_bytes(self) -> bytes:
        """Return JSON that is the same bytes for the same profile."""
        document = {
            "schema_version": SCHEMA_VERSION,
            **self._bins(),
            "days": [day.isoformat() for day in self.days],
            "counts": self.counts.tolist(),
        }
        return json.dumps(document, separators=(",", ":"), allow_nan=False).encode() + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` returned.

        Raises
        ------
        ProfileError
            It is of another schema, or damaged.
        """
        try:
            return cls._from_document(json.loads(content))
        except (KeyError, TypeError, ValueError) as error:
            raise ProfileError(
                f"The reference profile cannot be read: {error!r}. Train the model again with "
                "this version of the platform."
            ) from error

    @classmethod
    def _from_document(cls, document: Mapping[str, Any]) -> Self:
        if document["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema {document['schema_version']!r}, not {SCHEMA_VERSION}")
        profile = cls(
            score_name=str(document["score"]["name"]),
            score=Binning.from_list(document["score"]["edges"]),
            inputs={e["name"]: Binning.from_list(e["edges"]) for e in document["inputs"]},
            days=tuple(date.fromisoformat(day) for day in document["days"]),
            counts=np.array(document["counts"], dtype=np.int64),
        )
        if profile.counts.shape != (len(profile.days), profile.n_bins):
            raise ValueError(f"counts of shape {profile.counts.shape}")
        return profile

    def _bins(self) -> dict[str, Any]:
        return {
            "score": {"name": self.score_name, "edges": self.score.to_list()},
            "inputs": [
                {"name": name, "edges": binning.to_list()} for name, binning in self.inputs.items()
            ],
        }


def _count_groups(
    binning: Binning, values: NDArray[np.float32], group: NDArray[np.int64], n_groups: int
) -> NDArray[np.int64]:
    """Return counts of shape (n_groups, binning.n_bins)."""
    cell = group * binning.n_bins + binning.codes(values)
    counts = np.bincount(cell, minlength=n_groups * binning.n_bins).astype(np.int64)
    return counts.reshape(n_groups, binning.n_bins)
