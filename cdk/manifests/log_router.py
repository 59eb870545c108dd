"""Fluent Bit on every node: carries what the pods of one namespace write to their log group."""

from typing import Any

from cdk.manifests.model_host import Manifest

_NAME = "log-router"


def log_router(
    *, namespace: str, image: str, service_account: str, log_group: str, region: str
) -> list[Manifest]:
    """Return the service account and the daemon set.

    Parameters
    ----------
    image
        URI of the image, whose configuration reads the variables given here.
    service_account
        Whom AWS takes it for.
    log_group
        Name of the group that the lines go to.
    """
    labels = {"app.kubernetes.io/name": _NAME, "app.kubernetes.io/instance": namespace}
    metadata = {"namespace": namespace, "labels": labels}
    environment = {"POD_NAMESPACE": namespace, "AWS_REGION": region, "LOG_GROUP": log_group}
    container = {
        "name": _NAME,
        "image": image,
        "env": [{"name": name, "value": value} for name, value in environment.items()],
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "logs", "mountPath": "/var/log", "readOnly": True},
            {"name": "state", "mountPath": "/var/state"},
        ],
    }
    pod: dict[str, Any] = {
        "serviceAccountName": service_account,
        "automountServiceAccountToken": False,
        "tolerations": [{"operator": "Exists"}],
        "containers": [container],
        "volumes": [
            {"name": "logs", "hostPath": {"path": "/var/log"}},
            # How far it has read outlives the pod, so that nothing is sent twice or skipped.
            {
                "name": "state",
                "hostPath": {"path": "/var/fluent-bit/state", "type": "DirectoryOrCreate"},
            },
        ],
    }
    spec = {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    return [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": service_account, **metadata},
        },
        {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {"name": _NAME, **metadata},
            "spec": spec,
        },
    ]
