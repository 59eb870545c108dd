import itertools
from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from mlops_platform.errors import CaptureConflictError, PredictionNotCapturedError
from mlops_platform.features.clock import parse_instant
from mlops_platform.monitoring import label_join as label_join_module
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.feedback import Feedback, Label
from mlops_platform.monitoring.feedback_batch import join_batch
from mlops_platform.profiles.profile import LabelledScore, Profile
from tests.unit.monitoring.small_platform import (
    MODEL,
    NOON,
    Record,
    SmallPlatform,
    delivery,
    some_records,
)
from tests.unit.profiles.small_reference import small_reference
from tests.unit.registry.fuse import Fuse, FusedClient, Killed

TOLD = NOON + 9 * 86_400


def feedback(*labels: Label, received_at: int = TOLD) -> Feedback:
    return Feedback(model_name=MODEL, received_at=received_at, labels=list(labels))


def some_labels(records: list[Record], seed: int = 0) -> list[Label]:
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    return [
        Label(record["prediction_id"], chance.random() < 0.3, TOLD - chance.randrange(86_400))
        for record in records
    ]


def expected(records: list[Record], labels: list[Label]) -> Profile:
    """Return the profile of predictions whose labels are these, each counted once."""
    by_id = {record["prediction_id"]: record for record in records}
    known = []
    for label in labels:
        record = by_id[label.prediction_id]
        score = record["output"]["risk"]
        delay = label.known_at - parse_instant(record["occurred_at"])
        known.append(LabelledScore(score, bool(label.label), delay, score >= 0.5))
    reference = small_reference()
    return Profile.of(reference, records).merge(Profile.of_labels(reference, known))


@pytest.fixture
def records(platform: SmallPlatform, series: Series) -> list[Record]:
    rows = some_records(series, 50)
    for start in range(0, 50, 20):
        platform.capture.capture(delivery(rows[start : start + 20]))
    return rows


def test_labels_count_by_what_was_predicted(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    labels = some_labels(records)

    assert platform.label_join.join(feedback(*labels)) == 50

    assert platform.merged(series).to_bytes() == expected(records, labels).to_bytes()


def test_labels_count_in_the_hour_of_their_prediction(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    platform.label_join.join(feedback(*some_labels(records)))

    for hour in (12, 13):
        merged = platform.profiles.merged(series, f"2026-03-02T{hour}", f"2026-03-02T{hour + 1}")
        assert merged is not None
        assert merged.n_labelled == merged.n


def test_a_repeated_label_counts_nothing(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    labels = some_labels(records)
    platform.label_join.join(feedback(*labels))

    assert platform.label_join.join(feedback(*labels)) == 0
    later = [label._replace(known_at=TOLD + 1) for label in labels]
    assert platform.label_join.join(feedback(*later, received_at=TOLD + 1)) == 0
    assert platform.merged(series).to_bytes() == expected(records, labels).to_bytes()


def test_the_newest_label_counts_in_whatever_order_they_arrive(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    opinions = [True, True, False, True]
    orders = list(itertools.permutations(range(4)))[: len(records)]
    final = []
    for record, order in zip(records, orders, strict=False):
        told = [Label(record["prediction_id"], opinions[age], TOLD + 3_600 * age) for age in order]
        for label in told:
            platform.label_join.join(feedback(label))
        final.append(record["prediction_id"])

    merged = platform.merged(series)
    by_score = [r["output"]["risk"] for r in records if r["prediction_id"] in final]
    positive = small_reference().score.counts(np.array(by_score, dtype=np.float32))
    assert merged.counters["positive"].tolist() == positive.tolist()
    assert merged.counters["negative"].sum() == 0
    assert merged.counters["label_delay"].sum() == len(final)
    assert merged.counters["label_delay"].min() >= 0


def test_of_two_labels_in_one_request_the_newer_counts(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    name = records[0]["prediction_id"]

    platform.label_join.join(feedback(Label(name, True, TOLD), Label(name, False, TOLD - 1)))

    assert platform.merged(series).counters["positive"].sum() == 1
    assert platform.merged(series).n_labelled == 1


def test_a_label_before_its_prediction_comes_again_and_the_others_count(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    unseen = some_records(series, 3, seed=5)
    labels = some_labels([*records[:4], *unseen])

    with pytest.raises(PredictionNotCapturedError, match="3 of 7 predictions"):
        platform.label_join.join(feedback(*labels))
    assert platform.merged(series).n_labelled == 4

    platform.capture.capture(delivery(unseen))
    assert platform.label_join.join(feedback(*labels)) == 3
    assert platform.merged(series).to_bytes() == expected([*records, *unseen], labels).to_bytes()


@pytest.mark.parametrize("blows_at", range(1, 20))
def test_who_dies_at_any_call_counts_all_or_nothing(
    platform: SmallPlatform, series: Series, records: list[Record], blows_at: int
) -> None:
    few = records[:2] + records[-2:]
    labels = some_labels(few)
    fuse = Fuse()
    fused = SmallPlatform(
        FusedClient(platform.table.dynamodb, fuse), FusedClient(platform.log.s3, fuse)
    )
    fuse.arm(blows_at)
    with pytest.raises(Killed):
        fused.label_join.join(feedback(*labels))

    assert platform.merged(series).n_labelled in {0, 4}
    platform.label_join.join(feedback(*labels))

    assert platform.merged(series).to_bytes() == expected(records, labels).to_bytes()


def test_of_concurrent_labels_each_counts_once(
    platform: SmallPlatform,
    series: Series,
    records: list[Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_join_module, "MAX_ATTEMPTS", 100)
    labels = some_labels(records)
    chance = Random(4)  # noqa: S311 - repeatable on purpose
    requests = [chance.sample(labels, 30) for _ in range(6)] + [labels]

    with ThreadPoolExecutor(4) as threads:
        joined = sum(threads.map(lambda each: platform.label_join.join(feedback(*each)), requests))

    assert joined == 50
    assert platform.merged(series).to_bytes() == expected(records, labels).to_bytes()


def test_who_always_meets_faster_writers_says_so(
    platform: SmallPlatform, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_join_module, "pause", lambda _: None)
    monkeypatch.setattr(label_join_module, "MAX_ATTEMPTS", 2)
    monkeypatch.setattr(type(platform.table), "write", lambda *_: False)

    with pytest.raises(CaptureConflictError, match="send them again"):
        platform.label_join.join(feedback(*some_labels(records)))


def test_in_a_batch_only_what_must_wait_comes_again(
    platform: SmallPlatform, series: Series, records: list[Record]
) -> None:
    unseen = some_records(series, 1, seed=6)
    bodies = {
        "good": feedback(*some_labels(records)).to_message(),
        "early": feedback(*some_labels(unseen)).to_message(),
        "broken": "{",
        "other": "[]",
    }
    event = {"Records": [{"messageId": name, "body": body} for name, body in bodies.items()]}

    answer = join_batch(platform.label_join, event)

    failed = [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]
    assert failed == ["early", "broken", "other"]
    assert platform.merged(series).n_labelled == 50
