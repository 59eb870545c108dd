"""The image that serves a model from pods."""

from aws_cdk import IgnoreMode
from aws_cdk import aws_ecr_assets as ecr_assets
from constructs import Construct

from cdk.layers import ROOT

_FOLDER = "cdk/images/model_host"
_CONTEXT = (
    "*",
    "!cdk",
    "cdk/*",
    "!cdk/images",
    "cdk/images/*",
    "!cdk/images/model_host",
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


class HostImage(ecr_assets.DockerImageAsset):
    """Our library and its program, and nothing else of the repository."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            directory=str(ROOT),
            file=f"{_FOLDER}/Dockerfile",
            exclude=list(_CONTEXT),
            ignore_mode=IgnoreMode.DOCKER,
            platform=ecr_assets.Platform.LINUX_AMD64,
        )
