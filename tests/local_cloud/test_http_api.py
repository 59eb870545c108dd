"""HTTP APIs answer as API Gateway does, through real functions."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from local_cloud.clients import client
from local_cloud.cloud import LocalCloud
from tests.local_cloud.assemblies import Assembly

NewAssembly = Callable[[], Assembly]

ECHO = """
import json, greeting
def handler(event, context):
    return {"statusCode": 201, "headers": {"x-greeting": greeting.TEXT},
            "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""
AUTHORIZER = """
def handler(event, context):
    print("asked for", event["routeArn"])
    return {"isAuthorized": event["headers"]["x-api-key"] == "good", "context": {"name": "Ada"}}
"""


class Api:
    """An HTTP API in the making: functions, routes, then `deploy`."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        assembly.add_resource(
            "Api", "AWS::ApiGatewayV2::Api", {"Name": "api", "ProtocolType": "HTTP"}
        )
        assembly.add_output("Url", {"Fn::GetAtt": ["Api", "ApiEndpoint"]})
        self.add_part("Stage", "Stage", StageName="$default", AutoDeploy=True)

    def add_part(self, logical_id: str, kind: str, **properties: Any) -> None:
        properties["ApiId"] = {"Ref": "Api"}
        self.assembly.add_resource(logical_id, f"AWS::ApiGatewayV2::{kind}", properties)

    def add_route(self, key: str, function: Any, name: str, **properties: Any) -> None:
        integration = {
            key: properties.pop(key) for key in ("TimeoutInMillis",) if key in properties
        }
        self.add_part(
            f"{name}Integration",
            "Integration",
            IntegrationType="AWS_PROXY",
            IntegrationUri=function,
            PayloadFormatVersion="2.0",
            **integration,
        )
        target = {"Fn::Join": ["", ["integrations/", {"Ref": f"{name}Integration"}]]}
        self.add_part(f"{name}Route", "Route", RouteKey=key, Target=target, **properties)

    def add_authorizer(self, ttl_seconds: int = 300) -> dict[str, Any]:
        """Add the authorizer and return what a route needs to use it."""
        function = self.assembly.add_function("AuthorizerFunction", AUTHORIZER)
        self.assembly.add_output("AuthorizerFunction", {"Ref": "AuthorizerFunction"})
        prefix = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
        self.add_part(
            "Authorizer",
            "Authorizer",
            Name="keys",
            AuthorizerType="REQUEST",
            AuthorizerPayloadFormatVersion="2.0",
            EnableSimpleResponses=True,
            AuthorizerResultTtlInSeconds=ttl_seconds,
            IdentitySource=["$request.header.x-api-key"],
            AuthorizerUri={"Fn::Join": ["", [prefix, function, "/invocations"]]},
        )
        return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Authorizer"}}

    def deploy(self, cloud: LocalCloud) -> str:
        cloud.deploy(self.assembly.write())
        return cloud.outputs(self.assembly.stack_name)["Url"]


def add_echo(assembly: Assembly) -> dict[str, list[str]]:
    content = assembly.add_file_asset({"python/greeting.py": "TEXT = 'from the layer'"})
    layer = assembly.add_resource("Layer", "AWS::Lambda::LayerVersion", {"Content": content})
    return assembly.add_function("Echo", ECHO, Layers=[layer])


def answering(text: str) -> str:
    return f"def handler(event, context):\n    return {text!r}\n"


def count_authorizer_calls(cloud: LocalCloud, assembly: Assembly) -> int:
    cloud.functions.flush_logs()
    name = cloud.outputs(assembly.stack_name)["AuthorizerFunction"]
    group = f"/aws/lambda/{name}"
    events = client("logs").filter_log_events(logGroupName=group)["events"]
    return sum(event["message"].startswith("START") for event in events)


def test_a_request_reaches_the_function_as_payload_2_0(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    key = "POST /ml/{model}/predict"
    api.add_route(key, add_echo(api.assembly), "Echo", **api.add_authorizer())
    url = api.deploy(cloud)

    answer = urllib3.request(
        "POST",
        f"{url}/ml/fraud%20detection/predict?a=1&a=2&b=",
        json={"amount": 1},
        headers={"x-api-key": "good", "Cookie": "c=3; d=4"},
    )

    assert answer.status == 201
    assert answer.headers["x-greeting"] == "from the layer"
    assert answer.headers.getlist("set-cookie") == ["a=1", "b=2"]
    event = answer.json()
    assert event["version"] == "2.0"
    assert event["routeKey"] == key
    assert event["pathParameters"] == {"model": "fraud detection"}
    assert event["queryStringParameters"] == {"a": "1,2", "b": ""}
    assert event["cookies"] == ["c=3", "d=4"]
    assert json.loads(event["body"]) == {"amount": 1}
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["authorizer"] == {"lambda": {"name": "Ada"}}
    assert event["requestContext"]["stage"] == "$default"


def test_a_binary_body_arrives_in_base64(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    api = Api(new_assembly())
    api.add_route("POST /", add_echo(api.assembly), "Echo")
    url = api.deploy(cloud)

    headers = {"Content-Type": "application/octet-stream"}
    event = urllib3.request("POST", f"{url}/", body=b"\xff\x00", headers=headers).json()

    assert event["isBase64Encoded"] is True
    assert event["body"] == "/wA="


def test_the_authorizer_is_asked_once_per_key_while_its_answer_is_fresh(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    function = api.assembly.add_function("Function", answering("yes"))
    api.add_route("GET /", function, "Root", **api.add_authorizer())
    url = api.deploy(cloud)

    statuses = [
        urllib3.request("GET", f"{url}/", headers={"x-api-key": key}).status
        for key in ("good", "good", "bad", "bad", "good")
    ]

    assert statuses == [200, 200, 403, 403, 200]
    assert count_authorizer_calls(cloud, api.assembly) == 2


def test_without_a_ttl_the_authorizer_is_asked_every_time(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    function = api.assembly.add_function("Function", answering("yes"))
    api.add_route("GET /", function, "Root", **api.add_authorizer(ttl_seconds=0))
    url = api.deploy(cloud)

    for _ in range(2):
        urllib3.request("GET", f"{url}/", headers={"x-api-key": "good"})

    assert count_authorizer_calls(cloud, api.assembly) == 2


def test_a_request_without_its_identity_source_is_unauthorized_unasked(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    function = api.assembly.add_function("Function", answering("yes"))
    api.add_route("GET /", function, "Root", **api.add_authorizer())
    url = api.deploy(cloud)

    answer = urllib3.request("GET", f"{url}/")

    assert (answer.status, answer.json()) == (401, {"message": "Unauthorized"})


def test_the_most_specific_route_answers(cloud: LocalCloud, new_assembly: NewAssembly) -> None:
    api = Api(new_assembly())
    keys = {
        "Greedy": "ANY /ml/{proxy+}",
        "Parameters": "POST /ml/{model}/{action}",
        "Literal": "POST /ml/fraud/predict",
    }
    for name, key in keys.items():
        api.add_route(key, api.assembly.add_function(name, answering(name)), name)
    url = api.deploy(cloud)

    requests = [
        ("POST", "/ml/fraud/predict"),
        ("POST", "/ml/fraud/health"),
        ("POST", "/ml/a/b/c"),
        ("GET", "/ml/fraud/predict"),
    ]
    answers = [urllib3.request(method, url + path).json() for method, path in requests]

    assert answers == ["Literal", "Parameters", "Greedy", "Greedy"]
    assert urllib3.request("GET", f"{url}/elsewhere").status == 404


def test_a_body_above_ten_megabytes_is_refused(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    function = api.assembly.add_function("Function", answering("yes"))
    api.add_route("POST /", function, "Root")
    url = api.deploy(cloud)

    answer = urllib3.request("POST", f"{url}/", body=b"x" * (10 * 1024 * 1024 + 1))

    assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_an_integration_beyond_its_time_limit_is_unavailable(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    source = "import time\ndef handler(event, context):\n    time.sleep(2)\n"
    function = api.assembly.add_function("Function", source)
    api.add_route("GET /", function, "Root", TimeoutInMillis=100)
    url = api.deploy(cloud)

    answer = urllib3.request("GET", f"{url}/")

    assert (answer.status, answer.json()) == (503, {"message": "Service Unavailable"})


def test_a_function_that_fails_is_an_internal_server_error(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    function = api.assembly.add_function("Function", "def handler(e, c):\n    raise ValueError\n")
    api.add_route("GET /", function, "Root")
    url = api.deploy(cloud)

    answer = urllib3.request("GET", f"{url}/")

    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})


def test_requests_beyond_the_stages_rate_are_throttled(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    api = Api(new_assembly())
    settings = {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2}
    api.add_part("Stage", "Stage", StageName="$default", DefaultRouteSettings=settings)
    api.add_route("GET /", api.assembly.add_function("Function", answering("yes")), "Root")
    url = api.deploy(cloud)

    statuses = [urllib3.request("GET", f"{url}/").status for _ in range(3)]

    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("origin", ["https://known.example", "https://unknown.example"])
def test_cors_headers_go_to_known_origins_only(
    cloud: LocalCloud, new_assembly: NewAssembly, origin: str
) -> None:
    api = Api(new_assembly())
    cors = {"AllowOrigins": ["https://known.example"], "AllowMethods": ["GET"]}
    api.assembly.resources["Api"]["Properties"]["CorsConfiguration"] = cors
    api.add_route("GET /", api.assembly.add_function("Function", answering("yes")), "Root")
    url = api.deploy(cloud)

    preflight = urllib3.request("OPTIONS", f"{url}/", headers={"Origin": origin})

    assert preflight.status == 204
    allowed = preflight.headers.get("access-control-allow-origin")
    assert allowed == (origin if "//known" in origin else None)
