"""The line that each prediction leaves on stdout, from where CloudWatch Logs carries it on."""

import itertools
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

_AS_LINE: Final = orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z


@dataclass(frozen=True, kw_only=True)
class RecordWriter:
    """Numbers the predictions of one execution environment and writes them down.

    Readers measure loss by the numbers: each environment counts from 1 without gaps.

    Attributes
    ----------
    environment_id
        Unlike any other execution environment's.
    """

    environment_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _sequence: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def write(
        self,
        predictions: Sequence[dict[str, Any]],
        *,
        degraded: Sequence[str],
        compute_ms: float,
        lookup_ms: float,
    ) -> None:
        """Write the predictions of one request, a line each, by one write; see `lines`."""
        written = self.lines(
            predictions, degraded=degraded, compute_ms=compute_ms, lookup_ms=lookup_ms
        )
        # One write for all. A pipe takes 4 KB whole or not at all, but more than that in parts: a
        # function that dies in between may leave a cut last line, which the reader refuses and
        # counts.
        sys.stdout.write(b"".join(written).decode())
        sys.stdout.flush()

    def lines(
        self,
        predictions: Sequence[Mapping[str, Any]],
        *,
        degraded: Sequence[str],
        compute_ms: float,
        lookup_ms: float,
    ) -> list[bytes]:
        """Return a numbered line for each prediction of one request.

        Parameters
        ----------
        predictions
            Each with `prediction_id`, `model_name`, `model_version`, `bundle_sha256`,
            `occurred_at` (a moment, or ISO 8601), `features` as requested, `inputs` (the model's
            own input row, float32; NaN is written as null) and `output`.
        degraded
            What the whole request had to do without.
        compute_ms, lookup_ms
            What the whole request took, in milliseconds.

        Returns
        -------
        list of bytes
            Each ends with a line feed.
        """
        timestamp = datetime.now(UTC)
        return [
            orjson.dumps(
                {
                    "record": "prediction",
                    **prediction,
                    "environment_id": self.environment_id,
                    "sequence": next(self._sequence),
                    "timestamp": timestamp,
                    "degraded": degraded,
                    "compute_ms": round(compute_ms, 3),
                    "lookup_ms": round(lookup_ms, 3),
                },
                option=_AS_LINE,
            )
            for prediction in predictions
        ]
