"""A manifest's pods run behind the HTTP API's link, and a cache speaks TLS before a real Valkey."""

import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import redis

from local_cloud.cloud import LocalCloud
from tests.local_cloud.assemblies import Assembly
from tests.local_cloud.test_kubernetes_objects import objects, of_kind, pod
from tests.local_cloud.test_workloads import add_network
from tests.local_cloud.waiting import end_of_process

NewAssembly = Callable[[], Assembly]

SERVER = """
import json, os, ssl, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        told = {"pid": os.getpid(), "path": self.path, "method": self.command, "body": body,
                "kind": self.headers.get("content-type"), "trusts": os.environ["SSL_CERT_FILE"]}
        text = json.dumps(told).encode()
        self.send_response(404 if "missing" in self.path else 200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Told", "yes")
        self.end_headers()
        self.wfile.write(text)
    do_GET = do_POST = answer
    def log_message(self, *arguments):
        pass
print("a pod serves", flush=True)
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
DOCKERFILE = """
FROM python:3.13-slim
WORKDIR /srv/app
COPY . .
CMD ["python", "/srv/app/server.py"]
"""


def add_pods(assembly: Assembly) -> None:
    """Add a cluster with one deployment behind a load balancer, and an API before that."""
    directory = assembly.directory.parent / "image"
    directory.mkdir()
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (directory / "server.py").write_text(SERVER)
    network = add_network(assembly)
    image = assembly.add_image_asset(directory)
    lines = assembly.add_resource("Lines", "AWS::Logs::LogGroup", {})
    cluster = assembly.add_resource(
        "Cluster", "AWS::EKS::Cluster", {"RoleArn": "arn:aws:iam::123456789012:role/cluster"}
    )
    group = assembly.add_resource(
        "Pods",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "HealthCheckPath": "/ready",
            "Port": 8080,
            "Protocol": "HTTP",
            "TargetType": "ip",
            "VpcId": network["vpc"],
        },
    )
    balancer = assembly.add_resource(
        "Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": network["subnets"]}
    )
    listener = assembly.add_resource(
        "Listener",
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": balancer,
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
        },
    )
    given = objects()
    container = pod(given)["containers"][0]
    del container["command"], container["args"]
    container["image"] = "{image}"
    of_kind(given, "Deployment")["spec"]["template"]["metadata"]["annotations"] = {
        "selfmonitor.com/log-group": "{lines}"
    }
    of_kind(given, "TargetGroupBinding")["spec"]["targetGroupARN"] = "{group}"
    assembly.add_resource(
        "Objects",
        "Custom::AWSCDK-EKS-KubernetesResource",
        {
            "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:kubectl",
            "ClusterName": cluster,
            "Manifest": joined(json.dumps(given), image=image, lines=lines, group=group),
        },
    )
    add_api(assembly, listener)
    assembly.add_output("Lines", lines)


def joined(text: str, **values: Any) -> dict[str, Any]:
    """Return the Fn::Join that puts values in the places of a text."""
    parts: list[Any] = [text]
    for name, value in values.items():
        for index, part in enumerate(parts):
            if isinstance(part, str) and f"{{{name}}}" in part:
                before, after = part.split(f"{{{name}}}")
                parts[index : index + 1] = [before, value, after]
                break
    return {"Fn::Join": ["", parts]}


def add_api(assembly: Assembly, listener: dict[str, str]) -> None:
    api = assembly.add_resource(
        "Api", "AWS::ApiGatewayV2::Api", {"Name": "pods", "ProtocolType": "HTTP"}
    )
    link = assembly.add_resource(
        "Link", "AWS::ApiGatewayV2::VpcLink", {"Name": "link", "SubnetIds": ["subnet-1"]}
    )
    integration = assembly.add_resource(
        "Integration",
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": api,
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "ANY",
            "IntegrationUri": listener,
            "ConnectionType": "VPC_LINK",
            "ConnectionId": link,
            "PayloadFormatVersion": "1.0",
        },
    )
    target = {"Fn::Join": ["", ["integrations/", integration]]}
    assembly.add_resource(
        "Route",
        "AWS::ApiGatewayV2::Route",
        {"ApiId": api, "RouteKey": "ANY /{proxy+}", "Target": target},
    )
    assembly.add_resource(
        "Stage", "AWS::ApiGatewayV2::Stage", {"ApiId": api, "StageName": "$default"}
    )
    assembly.add_output("Url", {"Fn::GetAtt": ["Api", "ApiEndpoint"]})


def ask(url: str, body: bytes | None = None) -> tuple[int, dict[str, str], dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 (a loopback address)
        url, body, {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 (as above)
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), json.loads(error.read() or "null")


@pytest.fixture
def outputs(cloud: LocalCloud, new_assembly: NewAssembly) -> dict[str, str]:
    assembly = new_assembly()
    add_pods(assembly)
    cloud.deploy(assembly.write())
    return cloud.outputs(assembly.stack_name)


def test_the_api_s_link_leads_to_the_pods_and_their_lines_to_their_log_group(
    cloud: LocalCloud, outputs: dict[str, str]
) -> None:
    status, headers, told = ask(f"{outputs['Url']}/ml/x/predict?a=1", b'{"a": 2}')

    assert (status, headers["x-told"]) == (200, "yes")
    assert (told["method"], told["path"]) == ("POST", "/ml/x/predict?a=1")
    assert (told["body"], told["kind"]) == ('{"a": 2}', "application/json")
    assert Path(told["trusts"]).name == "authority.pem"
    assert ask(f"{outputs['Url']}/missing")[0] == 404
    assert {"name": "space/host", "pods": 1} in cloud.describe()["pods"]
    # Lines are carried in batches, so the first may still be on its way.
    logs = boto3.client("logs")
    while not (lines := logs.filter_log_events(logGroupName=outputs["Lines"])["events"]):
        assert ask(f"{outputs['Url']}/x")[0] == 200
    assert [line["message"].rstrip() for line in lines] == ["a pod serves"]


def test_a_pod_that_dies_is_unavailable_and_then_replaced(outputs: dict[str, str]) -> None:
    first = ask(f"{outputs['Url']}/x")[2]["pid"]
    os.kill(first, 9)
    end_of_process(first)

    # As a load balancer answers that has no healthy target.
    while (answer := ask(f"{outputs['Url']}/x"))[0] == 503:
        assert answer[2] is None

    assert answer[0] == 200
    assert answer[2]["pid"] != first


def test_a_cache_is_valkey_behind_tls_whose_certificate_the_pods_trust(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    assembly.add_resource(
        "Cache",
        "AWS::ElastiCache::ServerlessCache",
        {"Engine": "valkey", "ServerlessCacheName": "sessions"},
    )
    for name in ("Address", "Port"):
        assembly.add_output(name, {"Fn::GetAtt": ["Cache", f"Endpoint.{name}"]})
    cloud.deploy(assembly.write())
    outputs = cloud.outputs(assembly.stack_name)
    url = f"rediss://{outputs['Address']}:{outputs['Port']}"
    authority = cloud.state.directory / "certificates" / "authority.pem"

    trusting = redis.Redis.from_url(url, ssl_ca_certs=str(authority))
    trusting.set("key", "value", ex=60)

    assert trusting.get("key") == b"value"
    assert 0 < trusting.ttl("key") <= 60
    assert "valkey_version" in trusting.info()
    with pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        redis.Redis.from_url(url).ping()
    with pytest.raises(redis.ConnectionError):
        redis.Redis(outputs["Address"], int(outputs["Port"]), socket_timeout=5).ping()
    assert ssl.get_server_certificate((outputs["Address"], int(outputs["Port"])))
