"""The objects of one model served from pods.

References
----------
.. [1] Kubernetes documentation, "Pod Security Standards", profile *restricted*.
.. [2] Amazon EKS User Guide, "EKS Auto Mode": `TargetGroupBinding`, `amazon-vpc-cni`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlops_platform.config.host import HostSettings
from mlops_platform.config.model_config import ModelConfig

PORT = 8080
# Where the pods' lines are carried; people find them by it, and so does the local cloud.
LOG_GROUP_ANNOTATION = "selfmonitor.com/log-group"
_NAME = "model-host"
_USER_ID = 10001
_BUNDLE_SPACE = "512Mi"
# Pods go on answering until no load balancer sends them anything any more.
_DRAIN_SECONDS, _GRACE_SECONDS = 10, 40

Manifest = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ModelHost:
    """One model's pods and what stands around them.

    Parameters
    ----------
    model
        Which it is, how much a pod asks for, and how many there may be.
    settings
        What the program reads from its environment.
    image
        URI of the image.
    service_account
        Whom AWS takes the pods for.
    target_group_arn
        The load balancer's group that the pods join.
    log_group
        Name of the log group that their lines are carried to.
    vpc_addresses
        CIDR of those who may call the pods.
    """

    model: ModelConfig
    settings: HostSettings
    image: str
    service_account: str
    target_group_arn: str
    log_group: str
    vpc_addresses: str

    @property
    def namespace(self) -> str:
        """Where all of it lies."""
        return self.model.slug

    def objects(self) -> list[Manifest]:
        """Return the objects in the order in which they are applied."""
        return [
            self._object("v1", "ServiceAccount", self.service_account),
            self._deployment(),
            self._service(),
            self._binding(),
            self._autoscaler(),
            self._disruption_budget(),
            self._network_policy(),
        ]

    def _deployment(self) -> Manifest:
        spec = {
            "selector": {"matchLabels": self._labels},
            # A new pod is ready before an old one goes.
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {
                    "labels": self._labels,
                    "annotations": {LOG_GROUP_ANNOTATION: self.log_group},
                },
                "spec": self._pod(),
            },
        }
        return self._object("apps/v1", "Deployment", _NAME, spec=spec)

    def _pod(self) -> Manifest:
        return {
            "serviceAccountName": self.service_account,
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": _GRACE_SECONDS,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": _USER_ID,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "topologySpreadConstraints": [
                {
                    "maxSkew": 1,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": self._labels},
                }
            ],
            "containers": [self._container()],
            # Bundles are unpacked there; the image itself stays as it is.
            "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": _BUNDLE_SPACE}}],
        }

    def _container(self) -> Manifest:
        environment = {
            **self.settings.to_environment(),
            "POWERTOOLS_SERVICE_NAME": _NAME,
            # One process, one core: more threads would only wait for each other.
            "OMP_NUM_THREADS": "1",
        }
        return {
            "name": _NAME,
            "image": self.image,
            "ports": [{"name": "http", "containerPort": PORT}],
            "env": [{"name": name, "value": value} for name, value in environment.items()],
            "resources": {
                "requests": {"cpu": self.model.cpu_request, "memory": self.model.memory_request},
                "limits": {"memory": self.model.memory_request},
            },
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],  # noqa: S108 (the pod's)
            "startupProbe": _probe("/ready", periodSeconds=2, failureThreshold=60),
            "readinessProbe": _probe("/ready", periodSeconds=5, failureThreshold=2),
            "livenessProbe": _probe("/live", periodSeconds=10, failureThreshold=6),
            "lifecycle": {"preStop": {"sleep": {"seconds": _DRAIN_SECONDS}}},
        }

    def _service(self) -> Manifest:
        ports = [{"name": "http", "port": 80, "targetPort": "http"}]
        spec = {"type": "ClusterIP", "selector": self._labels, "ports": ports}
        return self._object("v1", "Service", _NAME, spec=spec)

    def _binding(self) -> Manifest:
        spec = {
            "serviceRef": {"name": _NAME, "port": 80},
            "targetGroupARN": self.target_group_arn,
            "targetType": "ip",
        }
        return self._object("eks.amazonaws.com/v1", "TargetGroupBinding", _NAME, spec=spec)

    def _autoscaler(self) -> Manifest:
        utilization = {"type": "Utilization", "averageUtilization": 60}
        spec = {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": _NAME},
            "minReplicas": self.model.min_replicas,
            "maxReplicas": self.model.max_replicas,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": utilization}}],
        }
        return self._object("autoscaling/v2", "HorizontalPodAutoscaler", _NAME, spec=spec)

    def _disruption_budget(self) -> Manifest:
        spec = {"maxUnavailable": 1, "selector": {"matchLabels": self._labels}}
        return self._object("policy/v1", "PodDisruptionBudget", _NAME, spec=spec)

    def _network_policy(self) -> Manifest:
        spec = {
            "podSelector": {"matchLabels": self._labels},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                {
                    "from": [{"ipBlock": {"cidr": self.vpc_addresses}}],
                    "ports": [{"protocol": "TCP", "port": PORT}],
                }
            ],
            "egress": [
                # S3 and DynamoDB have public addresses behind their gateway endpoints; the
                # network itself has no other way out.
                {"ports": [{"protocol": "TCP", "port": 443}]},
                {
                    "to": [{"ipBlock": {"cidr": self.vpc_addresses}}],
                    "ports": [
                        {"protocol": "UDP", "port": 53},
                        {"protocol": "TCP", "port": 53},
                        {"protocol": "TCP", "port": 6379, "endPort": 6380},
                    ],
                },
                # The agent that hands out the pods' AWS credentials.
                {
                    "to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}],
                    "ports": [{"protocol": "TCP", "port": 80}],
                },
            ],
        }
        return self._object("networking.k8s.io/v1", "NetworkPolicy", _NAME, spec=spec)

    @property
    def _labels(self) -> dict[str, str]:
        return {
            "app.kubernetes.io/name": _NAME,
            "app.kubernetes.io/instance": self.model.slug,
        }

    def _object(self, version: str, kind: str, name: str, **rest: Mapping[str, Any]) -> Manifest:
        metadata = {"name": name, "namespace": self.namespace, "labels": self._labels}
        return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def _probe(path: str, **timing: int) -> Manifest:
    return {"httpGet": {"path": path, "port": "http"}, "timeoutSeconds": 2, **timing}
