"""Where a model's training jobs run, for how long, and where their output goes."""

from typing import Any

from aws_cdk import Duration

from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig

_MAX_RUNTIME = Duration.hours(4)
# The job stops by itself first; SageMaker's own preparations come on top.
JOB_TIMEOUT = _MAX_RUNTIME.plus(Duration.minutes(30))
_VOLUME_GIB = 30


def job_placement(
    model: ModelConfig, network: Network, storage: Storage, tracking_uri: str
) -> dict[str, Any]:
    """Return it in SageMaker's words, with the environment that a job's program finds."""
    subnets = network.vpc.select_subnets(subnet_type=network.isolated.subnet_type)
    return {
        "OutputDataConfig": {
            "S3OutputPath": storage.artifacts.s3_url_for_object("training"),
            "KmsKeyId": storage.key.key_arn,
        },
        "ResourceConfig": {
            "InstanceType": model.instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": _VOLUME_GIB,
            "VolumeKmsKeyId": storage.key.key_arn,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": _MAX_RUNTIME.to_seconds()},
        "VpcConfig": {
            "SecurityGroupIds": [network.tracking_clients.security_group_id],
            "Subnets": subnets.subnet_ids,
        },
        "Environment": {
            "MLFLOW_TRACKING_URI": tracking_uri,
            "MLFLOW_DISABLE_TELEMETRY": "true",
        },
    }
