"""Lambda functions with every property, their layers, versions, aliases and permissions."""

import base64
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    UnsupportedPropertyError,
    register,
)
from local_cloud.functions.service import FunctionService


def install(service: FunctionService) -> None:
    """Register the Lambda types; packages are checked by `service`."""

    def create_function(request: CreateRequest) -> Created:
        function = _create_function(request)
        if not _applies_manifests(request):
            service.admit(function)
        name, arn = function.function_name, function.function_arn
        return Created(name, {"Arn": arn})

    register(
        Provider(
            "AWS::Lambda::Function",
            create_function,
            delete=lambda created, _: client("lambda").delete_function(
                FunctionName=created.physical_id
            ),
            name_property="FunctionName",
            properties=_FUNCTION,
        )
    )
    register(_LAYER_VERSION.provider("AWS::Lambda::LayerVersion"))
    register(Provider("AWS::Lambda::Version", create=_publish_version, properties=_VERSION))
    register(_ALIAS.provider("AWS::Lambda::Alias"))
    register(Provider("AWS::Lambda::Permission", create=_add_permission, metadata_only=True))
    register(
        Provider(
            "AWS::Lambda::EventInvokeConfig", create=_configure_async, properties=_EVENT_INVOCATION
        )
    )


def _applies_manifests(request: CreateRequest) -> bool:
    """Tell whether a function is CDK's own, behind `Custom::AWSCDK-EKS-KubernetesResource`.

    The local cloud plays that type itself, so the function is only recorded: it would call a
    cluster that is not there, partly in another language.
    """
    description = str(request.properties.get("Description", ""))
    return description.startswith(_MANIFEST_FUNCTIONS)


def _create_function(request: CreateRequest) -> Any:
    """Create the function through moto's backend, with the properties that its model drops."""
    properties = dict(request.properties)
    if properties.get("PackageType") == "Image":
        raise UnsupportedPropertyError(
            f"{request.logical_id} is a container image function. The local cloud runs zip "
            "packages only."
        )
    properties["FunctionName"] = request.physical_name
    properties["Tags"] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    code = properties["Code"]
    if "ZipFile" in code:
        archive = LambdaFunction._create_zipfile_from_plaintext_code(code["ZipFile"])
        properties["Code"] = {"ZipFile": base64.b64encode(archive)}
    for name in ("MemorySize", "Timeout", "ReservedConcurrentExecutions"):
        if name in properties:
            properties[name] = int(properties[name])
    backend = get_backend(request.account_id, request.region)
    function: Any = backend.create_function(properties)
    function.logs_group_name = properties.get("LoggingConfig", {}).get(
        "LogGroup", function.logs_group_name
    )
    function.dead_letter_arn = properties.get("DeadLetterConfig", {}).get("TargetArn")
    function.logging_config = properties.get("LoggingConfig", {})
    return function


def _publish_version(request: CreateRequest) -> Created:
    name = request.properties["FunctionName"]
    published: Any = get_backend(request.account_id, request.region).publish_version(name)
    arn = f"{published.function_arn.removesuffix(f':{published.version}')}:{published.version}"
    return Created(arn, {"Version": str(published.version), "FunctionArn": arn})


def _add_permission(request: CreateRequest) -> Created:
    return Created(request.physical_name, {"Id": request.physical_name})


def _configure_async(request: CreateRequest) -> Created:
    properties = request.properties
    keys = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    configuration = {key: properties[key] for key in keys if key in properties}
    for key in keys[:2]:
        if key in configuration:
            configuration[key] = int(configuration[key])
    function = get_backend(request.account_id, request.region).get_function(
        properties["FunctionName"], None
    )
    get_backend(request.account_id, request.region).put_function_event_invoke_config(
        function.function_name, configuration
    )
    return Created(request.physical_name)


_MANIFEST_FUNCTIONS = (
    "AWS CDK resource provider framework - onEvent",
    "onEvent handler for EKS kubectl resource provider",
)
_FUNCTION = Properties(
    reads={
        "Code",
        "DeadLetterConfig",
        "Description",
        "Environment",
        "Handler",
        "Layers",
        "LoggingConfig.LogFormat",
        "LoggingConfig.LogGroup",
        "MemorySize",
        "PackageType",
        "ReservedConcurrentExecutions",
        "Role",
        "Runtime",
        "Tags",
        "Timeout",
    },
    # This machine has one architecture, one network and no traces.
    ignores={
        "LoggingConfig.ApplicationLogLevel",
        "Architectures",
        "EphemeralStorage",
        "KmsKeyArn",
        "TracingConfig",
        "VpcConfig",
    },
)
_VERSION = Properties(
    reads={"FunctionName"}, ignores={"Description", "ProvisionedConcurrencyConfig"}
)
_EVENT_INVOCATION = Properties(
    reads={"FunctionName", "MaximumRetryAttempts", "DestinationConfig"},
    # Events never wait long enough here, and all versions share a function's configuration.
    ignores={"MaximumEventAgeInSeconds", "Qualifier"},
)
_LAYER_VERSION = Operation(
    "lambda",
    "publish_layer_version",
    physical_id="LayerVersionArn",
    name_property="LayerName",
    attributes={"LayerVersionArn": "LayerVersionArn"},
)
_ALIAS = Operation(
    "lambda",
    "create_alias",
    physical_id="AliasArn",
    reads={"FunctionName", "FunctionVersion", "Name", "Description"},
    ignores={"ProvisionedConcurrencyConfig"},
    passes_all=False,
)
