"""Networks: recorded, not enforced. Everything talks over the laptop's loopback."""

from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    register,
    register_native,
)

_NATIVE = (
    "EIP",
    "InternetGateway",
    "NatGateway",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "SecurityGroupIngress",
    "Subnet",
    "SubnetRouteTableAssociation",
    "VPC",
    "VPCEndpoint",
    "VPCGatewayAttachment",
)


def install() -> None:
    """Register the network's resource types."""
    for name in _NATIVE:
        register_native(f"AWS::EC2::{name}", metadata_only=True)
    register(Provider("AWS::EC2::SecurityGroupEgress", create=_record_egress, metadata_only=True))
    register(Provider("AWS::EC2::FlowLog", create=_record_flow_log, metadata_only=True))


def _record_egress(request: CreateRequest) -> Created:
    return Created(request.physical_name)


def _record_flow_log(request: CreateRequest) -> Created:
    return Created(request.physical_name, {"Id": request.physical_name})
