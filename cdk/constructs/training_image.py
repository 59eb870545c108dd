"""The image that every model's training job runs in."""

from aws_cdk import IgnoreMode
from aws_cdk import aws_ecr_assets as ecr_assets
from constructs import Construct

from cdk.layers import ROOT

DOCKERFILE = "training_jobs/Dockerfile"
_CONTEXT = (
    "*",
    "!training_jobs",
    "!layers",
    "layers/*",
    "!layers/platform",
    "layers/platform/*",
    "!layers/platform/python",
    "layers/platform/python/*",
    "!layers/platform/python/mlops_platform",
    "**/__pycache__",
    "**/*.pyc",
)


class TrainingImage(ecr_assets.DockerImageAsset):
    """Our library and the training scripts, and nothing else of the repository.

    Its hash covers just that, so a change elsewhere builds and uploads no image.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            directory=str(ROOT),
            file=DOCKERFILE,
            exclude=list(_CONTEXT),
            ignore_mode=IgnoreMode.DOCKER,
            platform=ecr_assets.Platform.LINUX_AMD64,
        )
