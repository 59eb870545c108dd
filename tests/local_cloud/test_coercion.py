"""Properties of a template become the parameters of an operation."""

from typing import Any

import botocore.session
import pytest

from local_cloud.cloudformation.coercion import coerce
from local_cloud.cloudformation.registry import UnreadPropertyError


@pytest.mark.parametrize(
    ("service", "operation", "properties", "expected"),
    [
        ("dynamodb", "CreateTable", {"TableName": "t"}, {"TableName": "t"}),
        (
            "lambda",
            "CreateFunction",
            {"Timeout": "30", "Publish": "true"},
            {"Timeout": 30, "Publish": True},
        ),
        ("codedeploy", "CreateApplication", {"ApplicationName": "a"}, {"applicationName": "a"}),
        (
            "sns",
            "CreateTopic",
            {"Attributes": {"Policy": {"a": 1}}},
            {"Attributes": {"Policy": '{"a": 1}'}},
        ),
        (
            "apigatewayv2",
            "CreateApi",
            {"Tags": [{"Key": "a", "Value": "b"}]},
            {"Tags": {"a": "b"}},
        ),
    ],
)
def test_properties_take_the_operations_spelling_and_types(
    service: str,
    operation: str,
    properties: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model(operation).input_shape

    assert shape is not None
    assert coerce(properties, shape) == expected


def test_what_the_operation_lacks_is_refused() -> None:
    model = botocore.session.get_session().get_service_model("dynamodb")
    shape = model.operation_model("CreateTable").input_shape
    assert shape is not None

    with pytest.raises(UnreadPropertyError, match=r"KeySchemaElement has no Order"):
        coerce({"KeySchema": [{"AttributeName": "id", "Order": "up"}]}, shape)
