"""Load balancers: the DNS name in a template becomes a loopback address that leads to the target.

A load balancer listens on one port, whatever its listeners' ports are: the first listener that
forwards decides where to. `http://<DNSName>`, as templates write it for listener port 80, works
because the name holds the port.
"""

from typing import Any

from moto.elbv2.models import elbv2_backends

from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, register
from local_cloud.workloads.forwarder import Forwarder
from local_cloud.workloads.ports import LOOPBACK
from local_cloud.workloads.targets import TargetGroups, read_health_check

_MAX_NAME_LENGTH = 32


def _named(request: CreateRequest) -> dict[str, Any]:
    name = request.physical_name[-_MAX_NAME_LENGTH:].strip("-")
    return {**request.properties, "Name": name}


_LOAD_BALANCER = Operation(
    "elbv2",
    "create_load_balancer",
    prepare=_named,
    attributes={"arn": lambda facts: facts["LoadBalancers"][0]["LoadBalancerArn"]},
    ignores={"LoadBalancerAttributes"},
)
_TARGET_GROUP = Operation(
    "elbv2",
    "create_target_group",
    prepare=_named,
    attributes={"arn": lambda facts: facts["TargetGroups"][0]["TargetGroupArn"]},
    ignores={"TargetGroupAttributes"},
)
_LISTENER = Operation(
    "elbv2",
    "create_listener",
    attributes={"arn": lambda facts: facts["Listeners"][0]["ListenerArn"]},
    ignores={"ListenerAttributes"},
)


class LoadBalancers:
    """The load balancers of one cloud.

    Parameters
    ----------
    targets
        Knows the target groups' ports.
    """

    def __init__(self, targets: TargetGroups) -> None:
        self._targets = targets
        self._forwarders: list[Forwarder] = []
        self._group_of: dict[str, str] = {}
        self._port_of: dict[str, int] = {}

    def create(self, request: CreateRequest) -> Created:
        """Create a load balancer that listens at once."""
        arn: str = _LOAD_BALANCER.create(request).attributes["arn"]
        forwarder = Forwarder(lambda: self._targets.port_of(self._group_of.get(arn)))
        self._forwarders.append(forwarder)
        self._port_of[arn] = forwarder.port
        name = f"{LOOPBACK}:{forwarder.port}"
        recorded: Any = elbv2_backends[request.account_id][request.region].load_balancers[arn]
        recorded.dns_name = name
        full_name = arn.split(":loadbalancer/")[1]
        return Created(
            arn,
            {
                "DNSName": name,
                "LoadBalancerArn": arn,
                "LoadBalancerFullName": full_name,
                "LoadBalancerName": full_name.split("/")[1],
                "CanonicalHostedZoneID": "Z0000000000000000000",
                "SecurityGroups": request.properties.get("SecurityGroups", []),
            },
        )

    def create_target_group(self, request: CreateRequest) -> Created:
        """Create a target group, still empty."""
        arn: str = _TARGET_GROUP.create(request).attributes["arn"]
        self._targets.add(arn, read_health_check(request.properties))
        full_name = arn.split(":")[5]
        attributes = {
            "TargetGroupArn": arn,
            "TargetGroupFullName": full_name,
            "TargetGroupName": full_name.split("/")[1],
            "LoadBalancerArns": [],
        }
        return Created(arn, attributes)

    def create_listener(self, request: CreateRequest) -> Created:
        """Let the load balancer forward to the listener's target group."""
        arn: str = _LISTENER.create(request).attributes["arn"]
        balancer = request.properties["LoadBalancerArn"]
        for action in request.properties["DefaultActions"]:
            group = action.get("TargetGroupArn") or _first_group(action)
            if group is not None:
                self._group_of.setdefault(balancer, group)
        return Created(arn, {"ListenerArn": arn})

    def port_of_listener(self, arn: str) -> int:
        """Return the loopback port that stands for a listener; KeyError for an unknown one."""
        # A listener's ARN is its load balancer's, but for the kind and the last part.
        balancer = arn.rpartition("/")[0].replace(":listener/", ":loadbalancer/")
        return self._port_of[balancer]

    def close(self) -> None:
        """Stop listening."""
        for forwarder in self._forwarders:
            forwarder.close()
        self._forwarders.clear()


def _first_group(action: dict[str, Any]) -> str | None:
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return groups[0]["TargetGroupArn"] if groups else None


def install(balancers: LoadBalancers) -> None:
    """Register the providers."""
    for kind, create, operation in (
        ("LoadBalancer", balancers.create, _LOAD_BALANCER),
        ("TargetGroup", balancers.create_target_group, _TARGET_GROUP),
        ("Listener", balancers.create_listener, _LISTENER),
    ):
        register(
            Provider(
                f"AWS::ElasticLoadBalancingV2::{kind}",
                create,
                name_property=None if kind == "Listener" else "Name",
                properties=operation.properties,
            )
        )
