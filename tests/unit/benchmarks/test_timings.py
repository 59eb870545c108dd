import numpy as np
import pytest

from benchmarks.timings import quantiles, server_timing


def test_quantiles_are_those_of_numpy() -> None:
    durations = np.random.default_rng(1).gamma(2.0, size=4_999)
    expected = dict(zip(("p50", "p95", "p99"), np.percentile(durations, [50, 95, 99]), strict=True))
    assert quantiles(list(durations)) == pytest.approx(expected, abs=5e-4)


def test_the_servers_account_is_read_by_name() -> None:
    header = "compute;dur=1.25, lookup;dur=3, routing;dur=0.004"
    assert server_timing(header) == {"compute": 1.25, "lookup": 3.0, "routing": 0.004}


def test_a_server_without_an_account_has_none() -> None:
    assert server_timing("") == {}
