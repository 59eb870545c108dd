from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.registry.semantic_version import (
    FIRST,
    Interface,
    SemanticVersion,
    next_version,
)
from tests.unit.registry.manifests import manifest

numbers = st.builds(SemanticVersion, *[st.integers(0, 10**6)] * 3)
fields = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from("abcdef"),
            "type": st.sampled_from(["number", "string"]),
            "required": st.booleans(),
        }
    ),
    max_size=5,
    unique_by=lambda field: field["name"],
)
interfaces = st.builds(
    Interface,
    request=fields,
    response=fields,
    features=st.fixed_dictionaries({"version": st.integers(1, 3)}),
    algorithm=st.sampled_from(["xgboost", "random_forest"]),
)
OPTIONAL = {"name": "country", "type": "string", "required": False}
REQUIRED = {"name": "country", "type": "string", "required": True}


def interface(**changes: Any) -> Interface:
    return Interface.from_manifest(manifest(**changes))


def request(*more: dict[str, Any], **first: Any) -> dict[str, Any]:
    signature = manifest()["signature"]
    return {**signature, "request": [{**signature["request"][0], **first}, *more]}


@given(numbers)
def test_a_version_survives_being_written(number: SemanticVersion) -> None:
    assert SemanticVersion.parse(str(number)) == number


@pytest.mark.parametrize("text", ["", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1.-1.0", "01.0.0"])
def test_what_is_no_semantic_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        SemanticVersion.parse(text)


def test_versions_are_ordered_by_number_and_not_by_letters() -> None:
    assert SemanticVersion.parse("1.10.0") > SemanticVersion.parse("1.9.9")


@given(numbers, interfaces, interfaces)
def test_every_version_is_greater_than_the_one_before(
    previous: SemanticVersion, earlier: Interface, current: Interface
) -> None:
    assert next_version(previous, earlier, current) > previous


@given(numbers, interfaces)
def test_the_same_interface_is_a_patch(previous: SemanticVersion, same: Interface) -> None:
    assert next_version(previous, same, same) == previous.next_patch()


@given(interfaces)
def test_an_interface_survives_being_written(written: Interface) -> None:
    assert Interface.from_json(written.to_json()) == written


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "1.0.1"),
        ({"algorithm": "random_forest"}, "1.1.0"),
        ({"features": {"version": 2, "names": ["amount", "hour"]}}, "1.1.0"),
        ({"features": {"version": 1, "names": ["hour", "amount"]}}, "1.1.0"),
        ({"signature": request(OPTIONAL)}, "1.1.0"),
        ({"signature": request(REQUIRED)}, "2.0.0"),
        ({"signature": request(type="string")}, "2.0.0"),
        ({"signature": request(name="sum")}, "2.0.0"),
        ({"signature": request(required=False)}, "1.1.0"),
        ({"signature": request(positive=True)}, "2.0.0"),
        ({"signature": request(alias="sum")}, "1.1.0"),
        ({"signature": {**request(), "response": []}}, "2.0.0"),
    ],
)
def test_the_change_decides_the_number(changes: dict[str, Any], expected: str) -> None:
    assert str(next_version(FIRST, interface(), interface(**changes))) == expected


def test_a_field_that_becomes_required_breaks_its_callers() -> None:
    earlier = interface(signature=request(OPTIONAL))
    current = interface(signature=request(REQUIRED))

    assert current.breaks(earlier)
    assert not earlier.breaks(current)


def test_the_order_of_fields_means_nothing_to_callers() -> None:
    more = {"name": "user_id", "type": "string", "required": False}
    one = interface(signature=request(OPTIONAL, more))
    other = interface(signature=request(more, OPTIONAL))

    assert next_version(FIRST, one, other) == FIRST.next_patch()


def test_an_alias_that_is_lost_breaks_its_callers() -> None:
    with_alias = interface(signature=request(alias="sum"))

    assert interface().breaks(with_alias)
    assert not with_alias.breaks(interface())
