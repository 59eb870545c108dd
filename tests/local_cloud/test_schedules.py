"""Schedules fire by the cloud's clock; rules deliver what their targets ask for."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.cloud import LocalCloud
from local_cloud.events.cron import CronError, parse
from local_cloud.events.expressions import due_times
from local_cloud.events.target_input import render, transform
from tests.local_cloud.waiting import make_queue, post, receive

EVENT = {
    "id": "1",
    "source": "s",
    "time": "2026-03-01T00:00:00Z",
    "detail": {"model": "fraud", "score": 0.5, "labels": ["a"]},
}


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 3 * * ? *", "2026-03-01T03:00", "2026-03-02T03:00"),
        ("0/15 * * * ? *", "2026-03-01T03:50", "2026-03-01T04:00"),
        ("0 6 ? * MON-FRI *", "2026-03-06T07:00", "2026-03-09T06:00"),
        ("0 6 L * ? *", "2026-02-01T00:00", "2026-02-28T06:00"),
        ("0 6 ? * 6L *", "2026-03-01T00:00", "2026-03-27T06:00"),
        ("0 6 ? * TUE#2 *", "2026-03-01T00:00", "2026-03-10T06:00"),
        ("0 6 1W * ? *", "2026-02-01T00:00", "2026-02-02T06:00"),
        ("0 0 29 2 ? *", "2026-01-01T00:00", "2028-02-29T00:00"),
        ("0 0 1 JAN ? 2030", "2026-01-01T00:00", "2030-01-01T00:00"),
    ],
)
def test_cron_finds_the_next_time(expression: str, after: str, expected: str) -> None:
    assert parse(expression).after(instant(after)) == instant(expected)


def test_cron_ends_with_its_last_year() -> None:
    assert parse("0 0 1 1 ? 2020").after(instant("2026-01-01T00:00")) is None


@pytest.mark.parametrize(
    "expression", ["0 3 * * *", "0 3 * * * *", "0 3 ? * ? *", "60 3 * * ? *", "0 x * * ? *"]
)
def test_what_is_not_in_the_dialect_is_refused(expression: str) -> None:
    with pytest.raises(CronError):
        parse(expression)


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    start=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)),  # noqa: DTZ001
    days=st.integers(0, 40),
)
def test_a_daily_cron_is_due_once_a_day(
    minute: int, hour: int, start: dt.datetime, days: int
) -> None:
    after = start.replace(tzinfo=dt.UTC)

    due = list(
        due_times(
            f"cron({minute} {hour} * * ? *)",
            anchor=after,
            after=after,
            until=after + dt.timedelta(days=days),
        )
    )

    assert len(due) == days
    assert len({each.date() for each in due}) == days
    assert due == sorted(due)


def test_a_rate_counts_from_its_anchor() -> None:
    anchor = instant("2026-03-01T00:30")

    due = due_times(
        "rate(1 hour)",
        anchor=anchor,
        after=instant("2026-03-01T02:00"),
        until=instant("2026-03-01T04:00"),
    )

    assert [each.strftime("%H:%M") for each in due] == ["02:30", "03:30"]


def test_a_zone_moves_the_due_time() -> None:
    (due,) = due_times(
        "cron(0 3 * * ? *)",
        anchor=instant("2026-07-01T00:00"),
        after=instant("2026-07-01T00:00"),
        until=instant("2026-07-01T23:00"),
        zone="Europe/Berlin",
    )

    assert due == instant("2026-07-01T01:00")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"as_of": <t>}', {"as_of": "2026-03-01T00:00:00Z"}),
        ('{"as_of": "<t>", "s": <score>}', {"as_of": "2026-03-01T00:00:00Z", "s": 0.5}),
        ('{"all": <labels>, "text": "have <labels>"}', {"all": ["a"], "text": 'have ["a"]'}),
        ('"at <t> by <aws.events.rule-name>"', "at 2026-03-01T00:00:00Z by daily"),
        ('{"none": "<missing>"}', {"none": ""}),
    ],
)
def test_a_template_is_filled(template: str, expected: Any) -> None:
    paths = {
        "t": "$.time",
        "score": "$.detail.score",
        "labels": "$.detail.labels",
        "missing": "$.detail.nothing",
    }

    text = transform({"InputPathsMap": paths, "InputTemplate": template}, EVENT, {"name": "daily"})

    assert json.loads(text) == expected


def test_constants_and_paths_are_sent() -> None:
    assert render({"Input": '{"a": 1}'}, EVENT, {}) == '{"a": 1}'
    assert render({"InputPath": "$.detail.model"}, EVENT, {}) == '"fraud"'
    assert json.loads(render({}, EVENT, {})) == EVENT


@pytest.fixture
def daily(cloud: LocalCloud) -> Iterator[tuple[str, str]]:
    """Name and queue of a rule that is due at three o'clock."""
    post(cloud, "/clock", {"now": "2026-03-01T00:00:00Z"})
    name = f"daily-{uuid.uuid4().hex[:8]}"
    url, arn = make_queue(name)
    events = boto3.client("events")
    events.put_rule(Name=name, ScheduleExpression="cron(0 3 * * ? *)")
    shape = {"InputPathsMap": {"t": "$.time"}, "InputTemplate": '{"as_of": <t>}'}
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "InputTransformer": shape}])
    yield name, url
    events.remove_targets(Rule=name, Ids=["1"])
    events.delete_rule(Name=name)


def test_moving_the_clock_fires_each_day_once_with_its_due_time(
    cloud: LocalCloud, daily: tuple[str, str]
) -> None:
    name, url = daily

    moved = post(cloud, "/clock", {"now": "2026-03-04T12:00:00Z"})

    due = [f"2026-03-0{day}T03:00:00Z" for day in (1, 2, 3, 4)]
    assert [each["time"] for each in moved["fired"] if each["name"] == name] == due
    received = sorted(json.loads(body)["as_of"] for body in receive(url, 4))
    assert received == due


def test_moving_the_clock_by_less_than_a_day_fires_nothing(
    cloud: LocalCloud, daily: tuple[str, str]
) -> None:
    name, _ = daily

    moved = post(cloud, "/clock", {"advance_seconds": 3600})

    assert [each for each in moved["fired"] if each["name"] == name] == []


def test_a_schedule_fires_on_demand_as_of_any_time(
    cloud: LocalCloud, daily: tuple[str, str]
) -> None:
    name, url = daily

    post(cloud, "/schedules/fire", {"rule": name, "at": "2020-01-01T00:00:00Z"})

    assert [json.loads(body) for body in receive(url, 1)] == [{"as_of": "2020-01-01T00:00:00Z"}]


def test_a_scheduler_schedule_fires_too(cloud: LocalCloud) -> None:
    post(cloud, "/clock", {"now": "2026-03-01T00:00:00Z"})
    name = f"weekly-{uuid.uuid4().hex[:8]}"
    url, arn = make_queue(name)
    target = {
        "Arn": arn,
        "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
        "Input": '{"at": "<aws.scheduler.scheduled-time>"}',
    }
    scheduler = boto3.client("scheduler")
    scheduler.create_schedule(
        Name=name,
        ScheduleExpression="cron(0 6 ? * MON *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )

    post(cloud, "/clock", {"now": "2026-03-03T00:00:00Z"})

    scheduler.delete_schedule(Name=name)
    assert receive(url, 1) == ['{"at": "2026-03-02T06:00:00Z"}']


def test_what_cannot_be_delivered_ends_in_the_dead_letter_queue(cloud: LocalCloud) -> None:
    name = f"lost-{uuid.uuid4().hex[:8]}"
    url, dead_letters = make_queue(name)
    events = boto3.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    nobody = f"arn:aws:sqs:{cloud.region}:{cloud.account_id}:nobody"
    target: Any = {"Id": "1", "Arn": nobody, "DeadLetterConfig": {"Arn": dead_letters}}
    events.put_targets(Rule=name, Targets=[target])

    put = events.put_events(Entries=[{"Source": name, "DetailType": "T", "Detail": '{"n": 1}'}])

    assert put["FailedEntryCount"] == 0
    assert json.loads(receive(url, 1)[0])["detail"] == {"n": 1}
