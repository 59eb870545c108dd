"""HTTP APIs: the records in moto, and a front of their own that answers requests."""

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.http_api.apis import HttpApis


def install(apis: HttpApis) -> None:
    """Register the HTTP API types; each API is served by `apis`."""

    def create_api(request: CreateRequest) -> Created:
        created = _API.create(request)
        endpoint = apis.add(created.physical_id, request.properties)
        return Created(created.physical_id, {**created.attributes, "ApiEndpoint": endpoint})

    def delete_api(created: Created, _: str) -> None:
        apis.remove(created.physical_id)
        client("apigatewayv2").delete_api(ApiId=created.physical_id)

    register(Provider("AWS::ApiGatewayV2::Api", create_api, delete_api, properties=_API.properties))
    register(_VPC_LINK.provider("AWS::ApiGatewayV2::VpcLink"))
    for name, operation in _PARTS.items():
        register(_recorded(f"AWS::ApiGatewayV2::{name}", operation, apis))


def _recorded(resource_type: str, operation: Operation, apis: HttpApis) -> Provider:
    """Create in moto and tell the API's front, which needs every property as written."""

    def create(request: CreateRequest) -> Created:
        created = operation.create(request)
        kind = resource_type.rpartition("::")[2]
        apis.record(request.properties["ApiId"], kind, created.physical_id, request.properties)
        return created

    return Provider(resource_type, create, properties=operation.properties)


_VPC_LINK = Operation(
    "apigatewayv2",
    "create_vpc_link",
    physical_id="VpcLinkId",
    attributes={"VpcLinkId": "VpcLinkId"},
    ignores={"Tags"},
)
_API = Operation(
    "apigatewayv2",
    "create_api",
    physical_id="ApiId",
    attributes={"ApiId": "ApiId"},
    # What an imported `Body` describes would not be served; quick creation neither.
    reads={"Name", "ProtocolType", "CorsConfiguration"},
    ignores={"Description", "Tags", "Version"},
    passes_all=False,
)
_PARTS = {
    "Stage": Operation(
        "apigatewayv2",
        "create_stage",
        physical_id="StageName",
        reads={
            "ApiId",
            "StageName",
            "StageVariables",
            "RouteSettings",
            "DefaultRouteSettings.ThrottlingBurstLimit",
            "DefaultRouteSettings.ThrottlingRateLimit",
        },
        ignores={
            "AccessLogSettings",
            "AutoDeploy",
            "DefaultRouteSettings.DetailedMetricsEnabled",
            "Description",
            "Tags",
        },
        passes_all=False,
    ),
    "Integration": Operation(
        "apigatewayv2",
        "create_integration",
        physical_id="IntegrationId",
        reads={
            "ApiId",
            "ConnectionId",
            "ConnectionType",
            "IntegrationType",
            "IntegrationUri",
            "PayloadFormatVersion",
            "TimeoutInMillis",
        },
        ignores={"Description", "IntegrationMethod"},
        passes_all=False,
    ),
    "Route": Operation(
        "apigatewayv2",
        "create_route",
        physical_id="RouteId",
        reads={"ApiId", "RouteKey", "Target", "AuthorizationType", "AuthorizerId"},
        ignores={"OperationName"},
        passes_all=False,
    ),
    "Authorizer": Operation(
        "apigatewayv2",
        "create_authorizer",
        physical_id="AuthorizerId",
        attributes={"AuthorizerId": "AuthorizerId"},
        reads={
            "ApiId",
            "AuthorizerPayloadFormatVersion",
            "AuthorizerResultTtlInSeconds",
            "AuthorizerType",
            "AuthorizerUri",
            "EnableSimpleResponses",
            "IdentitySource",
            "Name",
        },
        ignores={"AuthorizerCredentialsArn"},
        passes_all=False,
    ),
}
