"""Route precedence and token buckets, without a cloud."""

import pytest

from local_cloud.http_api.routing import Route, RouteTable
from local_cloud.http_api.throttle import Throttle


def table(*keys: str) -> RouteTable:
    routes = RouteTable()
    for key in keys:
        routes.add(Route(key, {}))
    return routes


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/pets/dog/1", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
def test_the_example_of_aws_documentation_is_answered_as_it_says(
    method: str, path: str, expected: str
) -> None:
    routes = table(
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/dog/{id}",
        "GET /pets/dog/1",
    )

    found = routes.find(method, path)

    assert found is not None
    assert found[0].key == expected


def test_a_method_comes_before_any_method() -> None:
    found = table("ANY /a", "GET /a").find("GET", "/a")

    assert found is not None
    assert found[0].key == "GET /a"


def test_parameters_are_decoded_and_greedy_ones_keep_their_slashes() -> None:
    found = table("GET /{model}/{rest+}").find("GET", "/a%20b/c/d")

    assert found is not None
    assert found[1] == {"model": "a b", "rest": "c/d"}


def test_nothing_matches_a_longer_path_than_the_routes() -> None:
    assert table("GET /a/{b}").find("GET", "/a/b/c") is None


def test_a_route_may_have_a_tighter_rate_than_its_stage() -> None:
    throttle = Throttle(
        {
            "DefaultRouteSettings": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2},
            "RouteSettings": {"GET /": {"ThrottlingBurstLimit": 1}},
        }
    )

    assert [throttle.admits("GET /") for _ in range(2)] == [True, False]
    assert [throttle.admits("GET /other") for _ in range(3)] == [True, True, False]
