"""The objects of a Kubernetes manifest, and which container they put behind which target group.

There is no API server here: what one would refuse, and what it would accept though nothing ever
came of it (a selector that selects nothing), is refused at deployment.
"""

import dataclasses
import functools
import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Where a deployment's pods' lines go; whoever writes the manifest agrees on it with the log router.
LOG_GROUP_ANNOTATION = "selfmonitor.com/log-group"
_POD_OWNERS = {"Deployment", "DaemonSet"}
_KINDS = _POD_OWNERS | {
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "Namespace",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
    "ServiceAccount",
    "TargetGroupBinding",
}
# Where each kind keeps the labels that it selects pods by, below its `spec`.
_SELECTORS = {
    "Service": ("selector",),
    "PodDisruptionBudget": ("selector", "matchLabels"),
    "NetworkPolicy": ("podSelector", "matchLabels"),
}
_SYSTEM_NAMESPACES = {"default", "kube-system"}

Object = Mapping[str, Any]


class ManifestError(Exception):
    """A manifest holds what a cluster would refuse, or what would lead nowhere."""


@dataclasses.dataclass(frozen=True)
class Workload:
    """One container of a deployment.

    Attributes
    ----------
    name
        ``<namespace>/<deployment>``.
    definition
        The container, spelt as ECS spells it.
    target_groups
        Container port of each target group that the pods join, by its ARN.
    """

    name: str
    definition: dict[str, Any]
    target_groups: dict[str, int]


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The objects that are applied together."""

    objects: Sequence[Object]

    @classmethod
    def read(cls, objects: Sequence[Object]) -> "Manifest":
        """Check objects as a cluster would, and what they say of each other.

        Raises
        ------
        ManifestError
            With every problem.
        """
        manifest = cls(objects)
        problems = list(manifest._problems())
        if problems:
            raise ManifestError("\n".join(problems))
        return manifest

    @property
    def daemons(self) -> list[str]:
        """The daemon sets: a laptop has no nodes, so nothing of them runs here."""
        return [_place(each) for each in self._of("DaemonSet")]

    def workloads(self) -> list[Workload]:
        """Return what is to run; copies on one machine would prove nothing, so each runs once."""
        return [
            Workload(
                name=_place(deployment),
                definition=_definition(deployment),
                target_groups={
                    binding["spec"]["targetGroupARN"]: self._container_port(binding, deployment)
                    for binding in self._of("TargetGroupBinding")
                    if self._is_behind(binding, deployment)
                },
            )
            for deployment in self._of("Deployment")
        ]

    def _problems(self) -> Iterator[str]:
        names: set[tuple[str, str]] = set()
        for each in self.objects:
            kind, place = each["kind"], _place(each)
            if kind not in _KINDS:
                yield f"{place}: the local cloud does not know the kind {kind}."
            elif (kind, place) in names:
                yield f"{place}: there are two of kind {kind}."
            names.add((kind, place))
            yield from self._namespace_problems(each)
        for each in self.objects:
            if each["kind"] in _POD_OWNERS:
                yield from _pod_problems(each, names)
        yield from self._selector_problems()
        yield from self._reference_problems(names)

    def _selector_problems(self) -> Iterator[str]:
        for kind, path in _SELECTORS.items():
            for each in self._of(kind):
                selector = functools.reduce(operator.getitem, path, each["spec"])
                if not any(_selects(selector, each, owner) for owner in self._of("Deployment")):
                    yield f"{kind} {_place(each)} selects no pod of a deployment."

    def _reference_problems(self, names: set[tuple[str, str]]) -> Iterator[str]:
        for each in self._of("HorizontalPodAutoscaler"):
            target = each["spec"]["scaleTargetRef"]
            if (target["kind"], f"{_namespace(each)}/{target['name']}") not in names:
                yield f"HorizontalPodAutoscaler {_place(each)} scales nothing: {target['name']}."
        for each in self._of("TargetGroupBinding"):
            if not any(self._is_behind(each, owner) for owner in self._of("Deployment")):
                yield f"TargetGroupBinding {_place(each)} leads to no pod."

    def _namespace_problems(self, each: Object) -> Iterator[str]:
        made = {space["metadata"]["name"] for space in self._of("Namespace")}
        if each["kind"] != "Namespace" and _namespace(each) not in made | _SYSTEM_NAMESPACES:
            yield f"{_place(each)}: no manifest makes its namespace."

    def _of(self, kind: str) -> list[Object]:
        return [each for each in self.objects if each["kind"] == kind]

    def _is_behind(self, binding: Object, deployment: Object) -> bool:
        service = self._service_of(binding)
        return service is not None and _selects(service["spec"]["selector"], service, deployment)

    def _service_of(self, binding: Object) -> Object | None:
        wanted = binding["spec"]["serviceRef"]
        for service in self._of("Service"):
            named = service["metadata"]["name"] == wanted["name"]
            if named and _namespace(service) == _namespace(binding):
                return service
        return None

    def _container_port(self, binding: Object, deployment: Object) -> int:
        """Follow a binding's port through its service to the container's."""
        service = self._service_of(binding)
        ports = service["spec"]["ports"] if service else []
        wanted = binding["spec"]["serviceRef"]["port"]
        for port in ports:
            if wanted in (port["port"], port.get("name")):
                target = port.get("targetPort", port["port"])
                for offered in _only_container(deployment).get("ports", []):
                    if target in (offered["containerPort"], offered.get("name")):
                        return int(offered["containerPort"])
        raise ManifestError(
            f"TargetGroupBinding {_place(binding)}: port {wanted} leads to no port of a container."
        )


def _pod_problems(owner: Object, names: set[tuple[str, str]]) -> Iterator[str]:
    place, template = _place(owner), owner["spec"]["template"]
    labels = template["metadata"].get("labels", {})
    if not owner["spec"]["selector"]["matchLabels"].items() <= labels.items():
        yield f"{owner['kind']} {place}: its selector does not select its own pods."
    account = template["spec"].get("serviceAccountName")
    if account and ("ServiceAccount", f"{_namespace(owner)}/{account}") not in names:
        yield f"{owner['kind']} {place}: no manifest makes its service account {account}."
    volumes = {volume["name"] for volume in template["spec"].get("volumes", [])}
    for container in template["spec"]["containers"]:
        offered = {port["name"] for port in container.get("ports", []) if "name" in port}
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{owner['kind']} {place}: there is no volume {mount['name']}."
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            if isinstance(port, str) and port not in offered:
                yield f"{owner['kind']} {place}: {probe} asks port {port}, which is not there."


def _definition(deployment: Object) -> dict[str, Any]:
    """Return a deployment's container as ECS would be told of it."""
    container = _only_container(deployment)
    lacking = [each["name"] for each in container.get("env", []) if "value" not in each]
    if lacking:
        raise ManifestError(
            f"{_place(deployment)}: the local cloud gives values, not `valueFrom`: {lacking}."
        )
    annotations = deployment["spec"]["template"]["metadata"].get("annotations", {})
    group = annotations.get(LOG_GROUP_ANNOTATION)
    options = {"awslogs-group": group, "awslogs-stream-prefix": "pods"} if group else {}
    return {
        "name": container["name"],
        "image": container["image"],
        # Kubernetes' command is an image's entry point, its arguments are the command.
        "entryPoint": container.get("command", []),
        "command": container.get("args", []),
        "environment": container.get("env", []),
        "portMappings": [
            {"containerPort": port["containerPort"]} for port in container.get("ports", [])
        ],
        "logConfiguration": {"options": options},
    }


def _only_container(deployment: Object) -> Mapping[str, Any]:
    containers: list[Mapping[str, Any]] = deployment["spec"]["template"]["spec"]["containers"]
    if len(containers) != 1:
        raise ManifestError(f"{_place(deployment)}: a pod of one container can be run here.")
    return containers[0]


def _selects(selector: Mapping[str, str], selecting: Object, owner: Object) -> bool:
    labels = owner["spec"]["template"]["metadata"].get("labels", {})
    return _namespace(selecting) == _namespace(owner) and selector.items() <= labels.items()


def _namespace(each: Object) -> str:
    return str(each["metadata"].get("namespace", "default"))


def _place(each: Object) -> str:
    return f"{_namespace(each)}/{each['metadata']['name']}"
