"""Labels join their predictions: each counts once, and a changed one is taken back first."""

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

from mlops_platform.aws.backoff import pause
from mlops_platform.aws.clients import client
from mlops_platform.config.functions import JoinFeedbackSettings
from mlops_platform.config.models import model_named
from mlops_platform.config.retention import PREDICTION_DAYS
from mlops_platform.errors import CaptureConflictError, PredictionNotCapturedError
from mlops_platform.features.clock import DAY_SECONDS
from mlops_platform.monitoring.captured_prediction import CapturedPrediction, Series
from mlops_platform.monitoring.feedback import Feedback, Label
from mlops_platform.monitoring.label_items import LabelledPrediction, label_place
from mlops_platform.monitoring.monitoring_table import MAX_ATTEMPTS, Item, MonitoringTable
from mlops_platform.monitoring.prediction_log import PredictionLog
from mlops_platform.monitoring.profile_store import ProfileStore
from mlops_platform.monitoring.reference_profiles import ReferenceProfiles
from mlops_platform.profiles.profile import LabelledScore, Profile

Found = Mapping[str, CapturedPrediction]
# A label's own item and, at worst, an hour's index item for each: 80 of 100 allowed actions.
_CHUNK_SIZE: Final = 40


class Change(NamedTuple):
    """What a label makes of a prediction that had another one, or none."""

    before: LabelledPrediction | None
    after: LabelledPrediction

    @property
    def counts(self) -> bool:
        """Whether a profile changes; a label that is only confirmed changes none."""
        return self.before is None or self.before.label != self.after.label


@dataclass(frozen=True, kw_only=True)
class LabelJoin:
    """Counts labels.

    Parameters
    ----------
    table
        The monitoring table.
    log
        Where predictions are found.
    profiles
        Where labels are counted.
    references
        The bins in which they are counted.
    clock
        Epoch seconds.
    """

    table: MonitoringTable
    log: PredictionLog
    profiles: ProfileStore
    references: ReferenceProfiles
    clock: Callable[[], float] = time.time

    @classmethod
    def from_settings(cls, settings: JoinFeedbackSettings) -> Self:
        """Connect to the table and the buckets."""
        s3 = client("s3")
        table = MonitoringTable(client("dynamodb"), settings.monitoring_table)
        bucket = settings.monitoring_bucket
        return cls(
            table=table,
            log=PredictionLog(s3=s3, bucket=bucket, table=table),
            profiles=ProfileStore(s3=s3, bucket=bucket, table=table),
            references=ReferenceProfiles(s3=s3, bucket=settings.bundle_bucket),
        )

    def join(self, feedback: Feedback) -> int:
        """Count a request's labels; return how many changed what is counted.

        Raises
        ------
        PredictionNotCapturedError
            Some predictions are not there (yet). The other labels were counted, and the same
            call may be repeated.
        CaptureConflictError
            Other writers were always faster; likewise.
        """
        # Of several labels for one prediction the newest holds.
        ordered = sorted(feedback.labels, key=lambda label: label.known_at)
        newest = {label.prediction_id: label for label in ordered}
        found = self.log.find(newest)
        labels = sorted(newest.values(), key=lambda label: _where(found.get(label.prediction_id)))
        chunks = [labels[at : at + _CHUNK_SIZE] for at in range(0, len(labels), _CHUNK_SIZE)]
        joined = [self._join_chunk(chunk, feedback.received_at, found) for chunk in chunks]
        missing = [name for _, absent in joined for name in absent]
        if missing:
            raise PredictionNotCapturedError(
                f"{len(missing)} of {len(labels)} predictions have not been captured, such as "
                f"{missing[0]}. If they never are, `mlops recover` reads them from the log, and "
                "`mlops redrive` brings their labels again."
            )
        return sum(changed for changed, _ in joined)

    def _join_chunk(
        self, labels: Sequence[Label], received_at: int, found: Found
    ) -> tuple[int, list[str]]:
        """Return how many labels changed what is counted, and whose predictions are not there."""
        for attempt in range(MAX_ATTEMPTS):
            changes, missing = self._changes(labels, received_at, found)
            if not changes or self.table.write(list(self._actions(changes))):
                return sum(change.counts for change in changes), missing
            pause(attempt)
        raise CaptureConflictError(
            f"{len(labels)} labels met other writers {MAX_ATTEMPTS} times; send them again, those "
            "that were counted already are recognised."
        )

    def _changes(
        self, labels: Sequence[Label], received_at: int, found: Found
    ) -> tuple[list[Change], list[str]]:
        items = self.table.read(label_place(label.prediction_id) for label in labels)
        known = {each.prediction_id: each for each in map(LabelledPrediction.from_item, items)}
        unknown = [label for label in labels if label.prediction_id not in known]
        changes = [
            _change(known[label.prediction_id], label, received_at)
            for label in labels
            if label.prediction_id in known
            and known[label.prediction_id].is_superseded_by(label, received_at)
        ]
        for label in unknown:
            if label.prediction_id in found:
                first = self._labelled(found[label.prediction_id], label, received_at)
                changes.append(Change(None, first))
        return changes, [u.prediction_id for u in unknown if u.prediction_id not in found]

    def _labelled(
        self, prediction: CapturedPrediction, label: Label, received_at: int
    ) -> LabelledPrediction:
        return LabelledPrediction.of(
            prediction,
            score_name=self.references.of(prediction.series).score_name,
            answer_name=model_named(prediction.series.model_name).answer_name,
            label=label,
            received_at=received_at,
        )

    def _actions(self, changes: Sequence[Change]) -> Iterator[Item]:
        """Store the profiles; yield the puts of the labels and of the index items."""
        expires_at = int(self.clock()) + PREDICTION_DAYS * DAY_SECONDS
        for change in changes:
            yield change.after.put(expires_at)
        counting = sorted((c for c in changes if c.counts), key=_place)
        for (series, hour), group in itertools.groupby(counting, _place):
            own = list(group)
            profile = self._profile(series, own)
            yield self.profiles.store(series, hour, _batch(own), profile).put()

    def _profile(self, series: Series, changes: Iterable[Change]) -> Profile:
        listed = list(changes)
        return self._count(series, (c.after.counted for c in listed)).merge(
            self._count(series, (c.before.counted for c in listed if c.before)).negated()
        )

    def _count(self, series: Series, labels: Iterable[LabelledScore]) -> Profile:
        return Profile.of_labels(self.references.of(series), labels)


def _change(before: LabelledPrediction, label: Label, received_at: int) -> Change:
    delay = max(label.known_at - before.occurred_at, 0)
    changed = label.label != before.label
    after = replace(
        before,
        label=label.label,
        known_at=label.known_at,
        received_at=received_at,
        delay_seconds=delay if changed else before.delay_seconds,
    )
    return Change(before, after)


def _where(prediction: CapturedPrediction | None) -> tuple[str, str]:
    """Order labels by where they count, so that few profiles change with each transaction."""
    return (prediction.series.bundle_sha256, prediction.hour) if prediction else ("", "")


def _place(change: Change) -> tuple[Series, str]:
    return change.after.series, change.after.hour


def _batch(changes: Iterable[Change]) -> str:
    """Return a name that only the same changes have."""
    digest = hashlib.sha256()
    for change in sorted(changes, key=lambda each: each.after.prediction_id):
        digest.update(repr(change).encode())
    return f"labels-{digest.hexdigest()[:32]}"
