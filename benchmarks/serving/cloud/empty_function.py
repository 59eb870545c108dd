"""A function that does nothing behind an API of its own: what the way itself costs."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_CODE = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}
"""
_WAIT = {"Delay": 2, "MaxAttempts": 60}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _template() -> dict[str, Any]:
    """Return a stack of one route, ``POST /empty``, on the predict function's memory size."""
    assume = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    api = {"Ref": "Api"}
    return {
        "Resources": {
            "Role": _resource(
                "IAM::Role",
                AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [assume]},
            ),
            "Function": _resource(
                "Lambda::Function",
                Runtime="python3.13",
                Handler="index.handler",
                Role={"Fn::GetAtt": ["Role", "Arn"]},
                Code={"ZipFile": _CODE},
                MemorySize=1769,
                Timeout=10,
            ),
            "Permission": _resource(
                "Lambda::Permission",
                Action="lambda:InvokeFunction",
                FunctionName=arn,
                Principal="apigateway.amazonaws.com",
            ),
            "Api": _resource("ApiGatewayV2::Api", Name="empty-function", ProtocolType="HTTP"),
            "Integration": _resource(
                "ApiGatewayV2::Integration",
                ApiId=api,
                IntegrationType="AWS_PROXY",
                IntegrationUri=arn,
                PayloadFormatVersion="2.0",
            ),
            "Route": _resource(
                "ApiGatewayV2::Route",
                ApiId=api,
                RouteKey="POST /empty",
                Target={"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
            ),
            "Stage": _resource(
                "ApiGatewayV2::Stage", ApiId=api, StageName="$default", AutoDeploy=True
            ),
        },
        "Outputs": {"Endpoint": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}},
    }


@contextmanager
def empty_function(cloudformation: Any) -> Iterator[str]:
    """Deploy the empty function; yield its URL; delete it.

    Parameters
    ----------
    cloudformation
        The boto3 client.
    """
    name = f"empty-function-{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(_template()),
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=_WAIT)
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        (output,) = stack["Outputs"]
        yield f"{output['OutputValue']}/empty"
    finally:
        cloudformation.delete_stack(StackName=name)
