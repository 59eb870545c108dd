"""The clock of a handler's stages: none counts what another one took."""

import time

import pytest

from benchmarks.handler.stages import StageClock


def test_a_stage_s_time_is_without_that_of_the_stages_in_it() -> None:
    clock = StageClock()
    inner = clock.timed("inner", lambda: time.sleep(0.02))
    outer = clock.timed("outer", inner)

    outer()

    assert clock.seconds["inner"] >= 0.02
    assert 0 < clock.seconds["outer"] < clock.seconds["inner"]


def test_a_stage_that_fails_is_timed_and_closed() -> None:
    clock = StageClock()

    def fail() -> None:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        clock.timed("failing", fail)()
    clock.timed("next", lambda: None)()

    assert set(clock.seconds) == {"failing", "next"}
