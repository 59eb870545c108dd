import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlops_platform.aws.clients import client
from mlops_platform.errors import ModelNotFoundError
from mlops_platform.monitoring.captured_prediction import Series
from mlops_platform.monitoring.incident import DRIFT, Incident, Incidents
from mlops_platform.pipeline.drift_retraining import DriftRetraining
from mlops_platform.pipeline.labels_after_change import label_delay_days
from mlops_platform.profiles.profile import LABEL_DELAY_DAYS_BOUNDS, LabelledScore, Profile
from tests.unit.monitoring.small_platform import (
    MODEL,
    SmallPlatform,
    create_storage,
    put_bundle,
)
from tests.unit.registry.fuse import Fuse, FusedClient, Killed

DAY_SECONDS = 86_400
# Drift of 25 and 26 March was found in the night to the 27th.
CHANGED = date(2025, 3, 25)
FOUND = datetime(2025, 3, 27, 0, 40, tzinfo=UTC)
# A week of delay before and after a test of two weeks: what is older is fitted on.
LABEL_DELAY_DAYS, UNFITTED = 7, timedelta(days=28)
INCIDENT = "fraud_detection-drift-2025-03-26-r1"


@pytest.fixture
def platform(dynamodb: Any, s3: Any) -> SmallPlatform:
    create_storage(dynamodb, s3)
    return SmallPlatform(dynamodb, s3)


@pytest.fixture
def series(platform: SmallPlatform) -> Series:
    series = put_bundle(platform.log.s3)
    platform.profiles.index.register(series, "1.0.0")
    return series


@pytest.fixture
def machine(aws: None) -> str:
    del aws
    definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    answer = client("stepfunctions").create_state_machine(
        name="training",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/training",
    )
    return str(answer["stateMachineArn"])


def open_incident(platform: SmallPlatform, incident_id: str = INCIDENT) -> Incident:
    incident = Incident(
        incident_id=incident_id,
        model_name=MODEL,
        kind=DRIFT,
        bundle_uri="s3://bundles/one/",
        opened_at=FOUND.isoformat(),
        detail={"day": "2025-03-26"},
    )
    assert Incidents(platform.table).open(incident)
    return incident


def label(platform: SmallPlatform, series: Series, day: date, n: int, n_positive: int) -> None:
    """Count labels of predictions of a day, each of which came after a week."""
    truths = [number < n_positive for number in range(n)]
    delay = LABEL_DELAY_DAYS * DAY_SECONDS
    labels = [LabelledScore(0.5, truth, delay, predicted=False) for truth in truths]
    profile = Profile.of_labels(platform.references.of(series), labels)
    entry = platform.profiles.store(series, f"{day}T12", f"labels-{day}", profile)
    assert platform.table.write([entry.put()])


def executions(machine: str) -> dict[str, dict[str, Any]]:
    steps = client("stepfunctions")
    listed = steps.list_executions(stateMachineArn=machine)["executions"]
    return {
        each["name"]: json.loads(
            steps.describe_execution(executionArn=each["executionArn"])["input"]
        )
        for each in listed
    }


def current(platform: SmallPlatform) -> Incident:
    incident = Incidents(platform.table).current(MODEL, DRIFT)
    assert incident
    return incident


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def test_without_an_incident_nothing_is_trained(platform: SmallPlatform, machine: str) -> None:
    answer = DriftRetraining(platform.profiles).consider(MODEL, machine, FOUND)

    assert (answer["incident_id"], answer["execution"]) == (None, None)
    assert executions(machine) == {}


def test_training_starts_on_the_first_day_that_fits_on_enough_labels_and_only_once(
    platform: SmallPlatform, series: Series, machine: str
) -> None:
    # Given an incident, and enough labels of the first two days after the change together
    open_incident(platform)
    retraining = DriftRetraining(platform.profiles)
    for number in range(2):
        label(platform, series, CHANGED + timedelta(days=number), 600, 20)
    enough = midnight(CHANGED + timedelta(days=2) + UNFITTED)

    # When it is considered the day before, on the day, and the day after
    answers = [
        retraining.consider(MODEL, machine, enough + timedelta(days=number))
        for number in (-1, 0, 1)
    ]

    # Then one execution of the incident's name trains as of the day
    assert [answer["execution"] for answer in answers] == [None, INCIDENT, INCIDENT]
    assert "600 labels" in answers[0]["summary"]
    given = {"model_name": MODEL, "as_of": "2025-04-24T00:00:00Z", "cause": INCIDENT}
    assert executions(machine) == {INCIDENT: given}
    assert current(platform).retrained_at == enough.isoformat()


def test_labels_from_before_the_change_do_not_count(
    platform: SmallPlatform, series: Series, machine: str
) -> None:
    open_incident(platform)
    label(platform, series, CHANGED - timedelta(days=1), 5_000, 500)
    late = midnight(CHANGED + timedelta(days=90))

    answer = DriftRetraining(platform.profiles).consider(MODEL, machine, late)

    assert answer["execution"] is None
    assert "0 labels" in answer["summary"]


def test_a_second_incident_within_a_week_waits(
    platform: SmallPlatform, series: Series, machine: str
) -> None:
    # Given an incident that had the model trained and is closed, and a new one
    label(platform, series, CHANGED, 2_000, 100)
    retraining = DriftRetraining(platform.profiles)
    now = midnight(CHANGED + timedelta(days=60))
    open_incident(platform)
    retraining.consider(MODEL, machine, now)
    assert Incidents(platform.table).close(current(platform), now.isoformat())
    open_incident(platform, "second")

    early = retraining.consider(MODEL, machine, now + timedelta(days=6))
    due = retraining.consider(MODEL, machine, now + timedelta(days=7))

    assert (early["execution"], due["execution"]) == (None, "second")
    assert set(executions(machine)) == {INCIDENT, "second"}


def test_who_dies_after_the_start_starts_no_second_one(
    platform: SmallPlatform, series: Series, machine: str
) -> None:
    # Given a function that is killed between the start and the note of it
    open_incident(platform)
    label(platform, series, CHANGED, 2_000, 100)
    fuse = Fuse()
    mortal = SmallPlatform(FusedClient(client("dynamodb"), fuse), client("s3"))
    now = midnight(CHANGED + timedelta(days=60))
    before = 0
    while not executions(machine):
        before += 1
        fuse.arm(before)
        with pytest.raises(Killed):
            DriftRetraining(mortal.profiles).consider(MODEL, machine, now)
    assert current(platform).retraining == ""

    # When it is considered again, the next day
    answer = DriftRetraining(platform.profiles).consider(MODEL, machine, now + timedelta(days=1))

    # Then the execution is that of the first time, and it is noted
    assert answer["execution"] == INCIDENT
    assert executions(machine)[INCIDENT]["as_of"] == f"{now:%Y-%m-%dT%H:%M:%SZ}"
    assert current(platform).retraining == INCIDENT


def test_an_unknown_model_is_refused(platform: SmallPlatform, machine: str) -> None:
    with pytest.raises(ModelNotFoundError):
        DriftRetraining(platform.profiles).consider("horoscope", machine, FOUND)


def delays(**by_bound: int) -> NDArray[np.int64]:
    counts = np.zeros(len(LABEL_DELAY_DAYS_BOUNDS) + 1, dtype=np.int64)
    for name, n in by_bound.items():
        counts[LABEL_DELAY_DAYS_BOUNDS.index(float(name.removeprefix("within_")))] = n
    return counts


@pytest.mark.parametrize(
    ("counts", "days"),
    [
        (delays(within_7=90, within_30=10), 7),
        (delays(within_7=89, within_10=11), 10),
        (delays(within_1=100), 1),
        (delays(within_30=100), 14),
        (delays(), 14),
    ],
)
def test_the_label_delay_is_when_nine_of_ten_labels_were_there(
    counts: NDArray[np.int64], days: int
) -> None:
    assert label_delay_days(counts) == days
