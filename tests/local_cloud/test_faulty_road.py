"""Subscriptions deliver at least once, and each fault does exactly what it says."""

import base64
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.subscriptions.delivery import split
from local_cloud.subscriptions.faults import Faults, FaultyRoad
from local_cloud.subscriptions.parcels import Batch, Parcel, Subscription
from local_cloud.subscriptions.service import Subscriptions


def stream(name: str) -> Subscription:
    return Subscription("123456789012", "eu-west-1", "group", name, "filter", "arn:function")


STREAMS = [stream("a"), stream("b"), stream("c")]

chances = st.floats(0, 1)
# Flushes of batches, each of a stream and a number of records.
flushes = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=5), max_size=5
)
Flushes = list[list[tuple[int, int]]]


def numbered(flushes: Flushes) -> list[list[Parcel]]:
    numbers = iter(range(10_000))
    return [
        [Parcel(STREAMS[at], [{"id": next(numbers)} for _ in range(size)]) for at, size in flush]
        for flush in flushes
    ]


def ids(parcels: list[Parcel]) -> list[int]:
    return [record["id"] for parcel in parcels for record in parcel.records]


def travel(faults: Faults, flushes: Flushes) -> tuple[list[int], list[int], list[int]]:
    """Return what was sent, received and dropped; a last flush of nothing brings what is held."""
    road = FaultyRoad(faults)
    parcels = numbered(flushes)
    received = [parcel for flush in [*parcels, []] for parcel in road.plan(flush)]
    assert not road.holds_back
    return ids([parcel for flush in parcels for parcel in flush]), ids(received), ids(road.dropped)


@given(chances, chances, chances, st.integers(), flushes)
def test_without_drop_every_record_arrives(
    duplicate: float, rebatch: float, reorder: float, seed: int, flushes: Flushes
) -> None:
    faults = Faults(duplicate=duplicate, rebatch=rebatch, reorder=reorder, seed=seed)

    sent, received, dropped = travel(faults, flushes)

    assert set(received) == set(sent)
    assert not dropped
    assert duplicate > 0 or sorted(received) == sorted(sent)


@given(chances, chances, chances, chances, st.integers(), flushes)
def test_with_drop_exactly_the_dropped_are_missing(
    drop: float, duplicate: float, rebatch: float, reorder: float, seed: int, flushes: Flushes
) -> None:
    faults = Faults(drop=drop, duplicate=duplicate, rebatch=rebatch, reorder=reorder, seed=seed)

    sent, received, dropped = travel(faults, flushes)

    assert set(sent) - set(received) == set(dropped)
    assert len(dropped) == len(set(dropped))
    assert travel(faults, flushes) == (sent, received, dropped)


@given(flushes)
def test_a_duplicated_batch_arrives_twice(flushes: Flushes) -> None:
    sent, received, _ = travel(Faults(duplicate=1), flushes)

    assert Counter(received) == dict.fromkeys(sent, 2)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers())
def test_rebatching_cuts_a_streams_records_elsewhere_and_joins_the_rest(
    sizes: list[int], seed: int
) -> None:
    (batches,) = numbered([[(0, size) for size in sizes]])

    planned = FaultyRoad(Faults(rebatch=1, seed=seed)).plan(batches)

    first_ids_before, first_ids_after = (
        {parcel.records[0]["id"] for parcel in parcels} for parcels in (batches, planned)
    )
    assert ids(planned) == ids(batches)
    # Where a batch began, none begins any more; and there is a new cut wherever one is possible.
    assert first_ids_after & first_ids_before == {0}
    assert len(planned) > 1 or max(sizes) == 1


def test_rebatching_never_mixes_streams() -> None:
    (batches,) = numbered([[(0, 3), (1, 3), (0, 3)]])

    planned = FaultyRoad(Faults(rebatch=1)).plan(batches)

    assert {s: ids([p for p in planned if p.subscription == s]) for s in STREAMS[:2]} == {
        STREAMS[0]: [0, 1, 2, 6, 7, 8],
        STREAMS[1]: [3, 4, 5],
    }


def test_reordering_lets_the_next_flush_pass() -> None:
    road = FaultyRoad(Faults(reorder=1))
    first, second = numbered([[(0, 1)], [(0, 1)]])

    delivered = [road.plan(first), road.plan(second)]

    assert delivered == [[], [*second, *first]]
    assert road.overtaken == 1


def test_reordering_swaps_the_batches_of_one_flush() -> None:
    road = FaultyRoad(Faults(reorder=1))
    (batches,) = numbered([[(0, 2), (1, 2)]])

    delivered = [road.plan(batches), road.plan([])]

    assert delivered == [[], [batches[1], batches[0]]]


@pytest.mark.parametrize("request_body", [{"drop": 2}, {"delay_seconds": -1}, {"lose": 1}])
def test_impossible_faults_are_refused(request_body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Faults.from_request(request_body)


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Receiver:
    """A function's asynchronous queue: remembers the events, and ends them when told."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.ends: list[Callable[[bool], None]] = []

    def invoke(self, _: str, event: bytes, on_end: Callable[[bool], None]) -> None:
        self.batches.append([record["id"] for record in unpack(event)])
        self.ends.append(on_end)


def unpack(event: bytes) -> Batch:
    data = base64.b64decode(json.loads(event)["awslogs"]["data"])
    records: Batch = json.loads(gzip.decompress(data))["logEvents"]
    return records


def test_a_delayed_batch_is_delivered_when_its_time_has_come() -> None:
    watch, receiver = Watch(), Receiver()
    subscriptions = Subscriptions(receiver.invoke, now=watch)
    subscriptions.set_faults({"delay_seconds": 30})

    subscriptions.put(STREAMS[0], [{"id": 1}])
    subscriptions.flush()
    watch.seconds += 29.9
    subscriptions.deliver()
    too_early = list(receiver.batches)
    watch.seconds += 0.1
    subscriptions.deliver()

    assert too_early == []
    assert receiver.batches == [[1]]


def test_a_batch_that_is_held_back_is_delivered_after_the_next() -> None:
    receiver = Receiver()
    subscriptions = Subscriptions(receiver.invoke, now=Watch())
    subscriptions.set_faults({"reorder": 1})

    for number in (1, 2):
        subscriptions.put(STREAMS[0], [{"id": number}])
        subscriptions.flush()
        subscriptions.deliver()

    assert receiver.batches == [[2], [1]]
    assert subscriptions.describe({})["batches_overtaken"] == 1


def test_a_batch_that_nothing_passes_is_held_back_for_seconds_only() -> None:
    watch, receiver = Watch(), Receiver()
    subscriptions = Subscriptions(receiver.invoke, now=watch)
    subscriptions.set_faults({"reorder": 1})
    subscriptions.put(STREAMS[0], [{"id": 1}])

    subscriptions.flush()
    watch.seconds += 60
    subscriptions.flush()
    subscriptions.deliver()

    assert receiver.batches == [[1]]


def test_other_faults_bring_what_the_old_ones_held_back() -> None:
    receiver = Receiver()
    subscriptions = Subscriptions(receiver.invoke, now=Watch())
    subscriptions.set_faults({"reorder": 1})
    subscriptions.put(STREAMS[0], [{"id": 1}])
    subscriptions.flush()

    subscriptions.set_faults({})
    subscriptions.deliver()

    assert receiver.batches == [[1]]


def test_dropped_records_are_listed_and_the_others_arrive() -> None:
    receiver = Receiver()
    subscriptions = Subscriptions(receiver.invoke, now=Watch())
    subscriptions.set_faults({"drop": 0.5, "seed": 3})
    subscriptions.put(STREAMS[0], [{"id": n, "message": str(n)} for n in range(40)])

    subscriptions.flush()
    subscriptions.deliver()

    dropped = subscriptions.list_dropped({})
    assert 0 < len(dropped) == subscriptions.describe({})["records_dropped"]
    assert sorted([record["id"] for record in dropped] + receiver.batches[0]) == list(range(40))
    where = {"log_group", "log_stream", "destination_arn"}
    assert dropped[0].keys() == {"id", "message", *where}


def test_a_drain_lasts_until_the_functions_events_have_ended() -> None:
    receiver = Receiver()
    subscriptions = Subscriptions(receiver.invoke)
    subscriptions.start()
    subscriptions.set_faults({"reorder": 1})
    subscriptions.put(STREAMS[0], [{"id": 1}, {"id": 2}])

    not_yet = subscriptions.drain({"timeout_seconds": 0.5})
    receiver.ends[0](False)
    then = subscriptions.drain({})
    subscriptions.stop()

    assert (not_yet["drained"], not_yet["records_failed"]) == (False, 0)
    assert (then["drained"], then["records_failed"], then["records_delivered"]) == (True, 2, 0)


def test_a_batch_is_split_until_each_event_is_small_enough() -> None:
    # Random bytes cannot be compressed: each record takes at least 1,000 bytes in base64.
    noise = random.Random(1)  # noqa: S311 (test data)
    records = [{"id": n, "message": noise.randbytes(750).hex()} for n in range(16)]

    pieces = list(split(Parcel(STREAMS[0], records), max_bytes=5_000))

    assert [record["id"] for piece, _ in pieces for record in piece.records] == list(range(16))
    assert len(pieces) > 1
    assert all(len(event) <= 5_000 for _, event in pieces)
    assert [unpack(event) for _, event in pieces] == [piece.records for piece, _ in pieces]
