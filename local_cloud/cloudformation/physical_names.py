"""Names for resources that a template leaves unnamed, as CloudFormation generates them."""

import secrets
import string

_SUFFIX_LENGTH = 12
_MAX_LENGTH = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 32,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 32,
    "AWS::Events::Rule": 64,
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::RDS::DBInstance": 63,
    "AWS::S3::Bucket": 63,
    "AWS::SQS::Queue": 80,
    "AWS::StepFunctions::StateMachine": 80,
}
_DEFAULT_MAX_LENGTH = 128
_LOWER_CASE = {"AWS::S3::Bucket", "AWS::ECR::Repository", "AWS::RDS::DBInstance"} | {
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBParameterGroup",
}


def generate_physical_name(resource_type: str, stack_name: str, logical_id: str) -> str:
    """Return `<stack>-<logical id>-<random>`, within the type's limit on length and letters."""
    alphabet = string.ascii_uppercase + string.digits
    suffix = "".join(secrets.choice(alphabet) for _ in range(_SUFFIX_LENGTH))
    room = _MAX_LENGTH.get(resource_type, _DEFAULT_MAX_LENGTH) - _SUFFIX_LENGTH - 1
    prefix = f"{stack_name}-{logical_id}"[:room].rstrip("-")
    name = f"{prefix}-{suffix}"
    return name.lower() if resource_type in _LOWER_CASE else name
