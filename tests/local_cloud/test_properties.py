"""Of what a template sets, everything is read, knowingly ignored, or refused."""

from typing import Any

import botocore.session
import pytest
from botocore.model import Shape

from local_cloud.cloudformation.properties import Properties

KNOWN = Properties(reads={"Name", "Log.Group", "Rules.Id"}, ignores={"Tags", "Log.Class"})


def create_table() -> Shape:
    model = botocore.session.get_session().get_service_model("dynamodb")
    shape = model.operation_model("CreateTable").input_shape
    assert shape is not None
    return shape


@pytest.mark.parametrize(
    ("properties", "unread", "ignored"),
    [
        ({"Name": {"any": "thing"}}, set(), set()),
        ({"Tags": [{"Key": "k"}]}, set(), {"Tags"}),
        ({"Colour": "red"}, {"Colour"}, set()),
        (
            {"Log": {"Group": "g", "Class": "c", "Level": "l"}},
            {"Log.Level"},
            {"Log.Class"},
        ),
        ({"Rules": [{"Id": 1}, {"Id": 2, "Age": 3}]}, {"Rules.Age"}, set()),
        ({"Log": {"Fn::GetAtt": ["Other", "Log"]}}, set(), set()),
    ],
)
def test_properties_are_sorted_by_path(
    properties: dict[str, Any], unread: set[str], ignored: set[str]
) -> None:
    assert KNOWN.sort(properties) == (unread, ignored)


def test_what_an_operation_takes_is_read_as_deep_as_it_goes() -> None:
    known = Properties(reads={"TimeToLive"}, shape=create_table)

    unread, _ = known.sort(
        {
            "TableName": {"Ref": "Name"},
            "TimeToLive": {"any": "thing"},
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH", "Order": "up"}],
            "SSESpecification": {"enabled": True, "Level": "high"},
            "Colour": "red",
        }
    )

    assert unread == {"KeySchema.Order", "SSESpecification.Level", "Colour"}
