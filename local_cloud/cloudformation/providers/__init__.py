"""Resource types that moto lacks or gets wrong, grouped by service."""

from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.providers import (
    apigateway,
    dynamodb,
    ec2,
    lambda_,
    logs,
    messaging,
    metadata,
    s3,
    secrets,
)
from local_cloud.cloudformation.registry import register_native
from local_cloud.functions.service import FunctionService
from local_cloud.http_api.apis import HttpApis


def install_providers(service: FunctionService, apis: HttpApis) -> None:
    """Register every type of the core for one cloud."""
    for module in (dynamodb, ec2, logs, messaging, metadata, s3, secrets):
        module.install()
    register_native(
        "AWS::CloudFormation::Stack",
        properties=Properties(reads={"TemplateURL", "Parameters"}, ignores={"Tags"}),
    )
    lambda_.install(service)
    apigateway.install(apis)
