"""What a manifest deploys; and what leads nowhere is refused, as no cluster would."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from local_cloud.workloads.kubernetes_objects import Manifest, ManifestError

LABELS = {"app": "host"}
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/pods/1"


def an_object(kind: str, name: str = "host", **rest: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, "namespace": "space"}, **rest}


def objects() -> list[dict[str, Any]]:
    """Return a deployment behind a target group, and what stands around it."""
    container = {
        "name": "main",
        "image": "registry/image:1",
        "command": ["python"],
        "args": ["-m", "host"],
        "env": [{"name": "PORT", "value": "8080"}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],  # noqa: S108 (a container's)
    }
    template = {
        "metadata": {"labels": LABELS, "annotations": {"selfmonitor.com/log-group": "lines"}},
        "spec": {
            "serviceAccountName": "host",
            "containers": [container],
            "volumes": [{"name": "scratch"}],
        },
    }
    return [
        {"kind": "Namespace", "metadata": {"name": "space"}},
        an_object("ServiceAccount"),
        an_object("Deployment", spec={"selector": {"matchLabels": LABELS}, "template": template}),
        an_object(
            "Service", spec={"selector": LABELS, "ports": [{"port": 80, "targetPort": "http"}]}
        ),
        an_object(
            "TargetGroupBinding",
            spec={"serviceRef": {"name": "host", "port": 80}, "targetGroupARN": GROUP},
        ),
        an_object(
            "HorizontalPodAutoscaler",
            spec={"scaleTargetRef": {"kind": "Deployment", "name": "host"}},
        ),
        an_object("PodDisruptionBudget", spec={"selector": {"matchLabels": LABELS}}),
        an_object("NetworkPolicy", spec={"podSelector": {"matchLabels": LABELS}}),
    ]


def of_kind(given: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(each for each in given if each["kind"] == kind)


def test_a_deployment_is_a_container_behind_its_target_group() -> None:
    (workload,) = Manifest.read(objects()).workloads()

    assert workload.name == "space/host"
    assert workload.target_groups == {GROUP: 8080}
    assert workload.definition == {
        "name": "main",
        "image": "registry/image:1",
        "entryPoint": ["python"],
        "command": ["-m", "host"],
        "environment": [{"name": "PORT", "value": "8080"}],
        "portMappings": [{"containerPort": 8080}],
        "logConfiguration": {
            "options": {"awslogs-group": "lines", "awslogs-stream-prefix": "pods"}
        },
    }


def pod(given: list[dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = of_kind(given, "Deployment")["spec"]["template"]["spec"]
    return spec


Damage = Callable[[list[dict[str, Any]]], object]
DAMAGES: list[tuple[Damage, str]] = [
    (lambda given: given.append(an_object("CronJob")), "does not know the kind CronJob"),
    (lambda given: given.append(copy.deepcopy(given[1])), "two of kind ServiceAccount"),
    (lambda given: given.pop(0), "no manifest makes its namespace"),
    (lambda given: given.pop(1), "no manifest makes its service account host"),
    (
        lambda given: of_kind(given, "Deployment")["spec"]["selector"].update(
            matchLabels={"app": "other"}
        ),
        "does not select its own pods",
    ),
    (
        lambda given: of_kind(given, "NetworkPolicy")["spec"].update(
            podSelector={"matchLabels": {"app": "other"}}
        ),
        "NetworkPolicy space/host selects no pod",
    ),
    (
        lambda given: of_kind(given, "Service")["spec"].update(selector={"app": "other"}),
        "TargetGroupBinding space/host leads to no pod",
    ),
    (
        lambda given: of_kind(given, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"].update(
            name="other"
        ),
        "scales nothing: other",
    ),
    (lambda given: pod(given).update(volumes=[]), "there is no volume scratch"),
    (
        lambda given: pod(given)["containers"][0]["readinessProbe"]["httpGet"].update(port="web"),
        "readinessProbe asks port web",
    ),
]


@pytest.mark.parametrize(("damage", "problem"), DAMAGES, ids=[each[1] for each in DAMAGES])
def test_what_leads_nowhere_is_refused(damage: Damage, problem: str) -> None:
    given = objects()
    damage(given)

    with pytest.raises(ManifestError, match=problem):
        Manifest.read(given)


def test_all_problems_are_told_at_once() -> None:
    given = objects()
    for damage, _ in (DAMAGES[0], DAMAGES[4]):
        damage(given)

    with pytest.raises(ManifestError) as caught:
        Manifest.read(given)

    assert len(str(caught.value).splitlines()) >= 2


def test_a_port_that_no_container_offers_is_refused() -> None:
    given = objects()
    of_kind(given, "Service")["spec"]["ports"][0]["targetPort"] = 9090

    with pytest.raises(ManifestError, match="port 80 leads to no port"):
        Manifest.read(given).workloads()


def test_a_value_from_elsewhere_is_refused() -> None:
    given = objects()
    pod(given)["containers"][0]["env"].append({"name": "NODE", "valueFrom": {}})

    with pytest.raises(ManifestError, match=r"not `valueFrom`: \['NODE'\]"):
        Manifest.read(given).workloads()


def test_daemon_sets_are_told_and_not_run() -> None:
    given = objects()
    spec = copy.deepcopy(of_kind(given, "Deployment")["spec"])
    given.append(an_object("DaemonSet", "router", spec=spec))

    manifest = Manifest.read(given)

    assert manifest.daemons == ["space/router"]
    assert [each.name for each in manifest.workloads()] == ["space/host"]
