"""Properties of a template become the parameters of an operation."""

from typing import Any

import botocore.session
import pytest

from local_cloud.cloudformation.coercion import coerce


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
            {"Tags": [{"Key": "a", "Value": "b"}], "No": 1},
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
