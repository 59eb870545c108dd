"""The assistant's cluster, its manifests as Kubernetes reads them, and who reaches what."""

import json
import re
from typing import Any

import kubernetes_validate
import pytest

from mlops_platform.config.host import HostSettings
from mlops_platform.config.models import model_named
from tests.infrastructure.assembly_reader import Assembly, as_list, flatten

MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"
MODEL = model_named("selfmate")
# Schemas know Kubernetes' own kinds; EKS's `TargetGroupBinding` is not among them.
FOREIGN = {"TargetGroupBinding"}

Object = dict[str, Any]


def objects_of(assembly: Assembly) -> list[Object]:
    """Return the objects of all manifests; references appear as ``<logical id>``."""
    return [
        each
        for resource in assembly.of_type(MANIFEST)
        for each in json.loads(flatten(resource.properties["Manifest"]))
    ]


def only(assembly: Assembly, kind: str, name: str | None = None) -> Object:
    (found,) = (
        each
        for each in objects_of(assembly)
        if each["kind"] == kind and name in (None, each["metadata"]["name"])
    )
    return found


def test_the_cluster_is_private_logged_and_encrypted(every: Assembly) -> None:
    (cluster,) = every.of_type("AWS::EKS::Cluster")
    access = cluster.properties["ResourcesVpcConfig"]
    assert (access["EndpointPrivateAccess"], access["EndpointPublicAccess"]) == (True, False)
    logged = cluster.properties["Logging"]["ClusterLogging"]["EnabledTypes"]
    assert {each["Type"] for each in logged} >= {"api", "audit", "authenticator"}
    assert cluster.properties["EncryptionConfig"][0]["Resources"] == ["secrets"]


def test_what_cdk_brings_along_is_what_applies_manifests_and_no_more(every: Assembly) -> None:
    functions = [each for each in every.kubectl if each.type == "AWS::Lambda::Function"]
    assert len(functions) == 2
    # Only they reach the cluster's endpoint, which lies within the network.
    assert all("VpcConfig" in each.properties for each in functions)


def test_every_manifest_is_valid_by_the_schemas_of_the_cluster_s_version(every: Assembly) -> None:
    (cluster,) = every.of_type("AWS::EKS::Cluster")
    for each in objects_of(every):
        if each["kind"] not in FOREIGN:
            kubernetes_validate.validate(each, cluster.properties["Version"], strict=True)


def test_pods_join_the_target_group_of_the_api_s_load_balancer(every: Assembly) -> None:
    binding = only(every, "TargetGroupBinding")["spec"]
    (group,) = (
        each
        for each in every.of_type("AWS::ElasticLoadBalancingV2::TargetGroup")
        if each.stack.endswith("SelfMate")
    )
    assert group.logical_id in binding["targetGroupARN"]
    assert (binding["targetType"], group.properties["TargetType"]) == ("ip", "ip")
    # EKS registers pods only in groups that name its cluster.
    assert [tag["Key"] for tag in group.properties["Tags"] if "eks" in tag["Key"]] == [
        "eks:eks-cluster-name"
    ]
    deployment = only(every, "Deployment")["spec"]["template"]
    service = only(every, "Service")["spec"]
    assert service["selector"].items() <= deployment["metadata"]["labels"].items()
    (container,) = deployment["spec"]["containers"]
    (port,) = container["ports"]
    assert service["ports"][0]["targetPort"] == port["name"]
    assert group.properties["Port"] == port["containerPort"]
    assert group.properties["HealthCheckPath"] == container["readinessProbe"]["httpGet"]["path"]
    # Else AWS refuses the group.
    health = group.properties
    assert health["HealthCheckTimeoutSeconds"] < health["HealthCheckIntervalSeconds"]


def test_pods_read_the_settings_of_their_program(every: Assembly) -> None:
    (container,) = only(every, "Deployment")["spec"]["template"]["spec"]["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}
    (cache,) = every.of_type("AWS::ElastiCache::ServerlessCache")

    settings = HostSettings.from_environment(given)

    assert settings.model_name == MODEL.name
    assert settings.port == container["ports"][0]["containerPort"]
    assert settings.session_store_url.startswith("rediss://")
    assert cache.logical_id in settings.session_store_url


def test_pods_may_do_as_little_as_possible(every: Assembly) -> None:
    pod = only(every, "Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for owner in ("Deployment", "DaemonSet"):
        for container in only(every, owner)["spec"]["template"]["spec"]["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
            assert "memory" in container["resources"]["limits"]


def test_pods_end_only_after_the_load_balancer_has_left_them(every: Assembly) -> None:
    pod = only(every, "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (group,) = (
        each
        for each in every.of_type("AWS::ElasticLoadBalancingV2::TargetGroup")
        if each.stack.endswith("SelfMate")
    )
    attributes = {each["Key"]: each["Value"] for each in group.properties["TargetGroupAttributes"]}
    leaving = int(attributes["deregistration_delay.timeout_seconds"])
    waiting = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    # And a turn takes half a second at most.
    assert leaving <= waiting < pod["terminationGracePeriodSeconds"]


def test_pods_scale_within_the_model_s_bounds_and_never_all_go_at_once(every: Assembly) -> None:
    scaler = only(every, "HorizontalPodAutoscaler")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (
        MODEL.min_replicas,
        MODEL.max_replicas,
    )
    # Whoever sets replicas would undo what scaling did at each deployment.
    assert "replicas" not in only(every, "Deployment")["spec"]
    assert only(every, "PodDisruptionBudget")["spec"]["maxUnavailable"] < MODEL.min_replicas


@pytest.mark.parametrize("name", ["model-host", "log-router"])
def test_service_accounts_wear_roles_of_their_own(dev: Assembly, name: str) -> None:
    account = only(dev, "ServiceAccount", name)["metadata"]
    (association,) = (
        each
        for each in dev.of_type("AWS::EKS::PodIdentityAssociation")
        if each.properties["ServiceAccount"] == name
    )
    assert association.properties["Namespace"] == account["namespace"]
    role = dev.referred(association, association.properties["RoleArn"])
    actions = {a for s in dev.statements_of(role) for a in as_list(s["Action"])}
    services = {action.partition(":")[0] for action in actions}
    assert services == ({"logs"} if name == "log-router" else {"dynamodb", "kms", "s3"})
    writing = re.compile(r":(Put|Update|Delete|BatchWrite|Abort)")
    if name == "model-host":
        assert not [action for action in actions if writing.search(action)]


def test_the_pods_lines_go_where_predictions_are_counted_from(dev: Assembly) -> None:
    router = only(dev, "DaemonSet")["spec"]["template"]["spec"]["containers"][0]
    given = {each["name"]: each["value"] for each in router["env"]}
    subscribed = [
        flatten(each.properties["LogGroupName"])
        for each in dev.of_type("AWS::Logs::SubscriptionFilter")
        if each.stack.endswith("SelfMate")
    ]
    assert subscribed == [given["LOG_GROUP"]]
    assert given["POD_NAMESPACE"] == only(dev, "Deployment")["metadata"]["namespace"]


def test_the_api_asks_the_pods_through_its_link(dev: Assembly) -> None:
    (link,) = dev.of_type("AWS::ApiGatewayV2::VpcLink")
    private = [
        each
        for each in dev.of_type("AWS::ApiGatewayV2::Integration")
        if each.properties.get("ConnectionType") == "VPC_LINK"
    ]
    assert [each.properties["ConnectionId"] for each in private] == [{"Ref": link.logical_id}]
    routes = {
        each.properties["RouteKey"]
        for each in dev.of_type("AWS::ApiGatewayV2::Route")
        if private[0].logical_id in flatten(each.properties["Target"])
    }
    assert routes == {
        "POST /ml/selfmate/predict",
        "POST /ml/selfmate/batch_predict",
        "GET /ml/selfmate/health",
    }


def test_only_the_cluster_reaches_the_sessions(every: Assembly) -> None:
    rules = [
        rule
        for rule in every.of_type("AWS::EC2::SecurityGroupIngress")
        if rule.logical_id.startswith("Sessions")
    ]
    assert ["Cluster" in flatten(rule.properties["SourceSecurityGroupId"]) for rule in rules] == [
        True
    ]
