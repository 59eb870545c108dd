"""An image of our library and one folder beside it, which holds its Dockerfile."""

from pathlib import PurePosixPath

from aws_cdk import IgnoreMode
from aws_cdk import aws_ecr_assets as ecr_assets
from constructs import Construct

from cdk.layers import ROOT

_LIBRARY = "layers/platform/python/mlops_platform"


class LibraryImage(ecr_assets.DockerImageAsset):
    """The library, a folder and its requirements, and nothing else of the repository.

    Its hash covers just that, so a change elsewhere builds and uploads no image.

    Parameters
    ----------
    folder
        From the repository's root, ``a/b``; the build context is the root.
    requirements
        A file to install instead of the one that the Dockerfile names, from the root as well.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: str,
        requirements: str | None = None,
    ) -> None:
        sources = [folder, _LIBRARY, *([requirements] if requirements else [])]
        super().__init__(
            scope,
            construct_id,
            directory=str(ROOT),
            file=f"{folder}/Dockerfile",
            build_args={"REQUIREMENTS": requirements} if requirements else None,
            exclude=[
                "*",
                *(pattern for source in sources for pattern in _only(source)),
                "**/__pycache__",
                "**/*.pyc",
            ],
            ignore_mode=IgnoreMode.DOCKER,
            platform=ecr_assets.Platform.LINUX_AMD64,
        )


def _only(folder: str) -> list[str]:
    """Return the patterns of a .dockerignore that let one folder in, and none beside its path.

    >>> _only("a/b")
    ['!a', 'a/*', '!a/b']
    """
    path = PurePosixPath(folder)
    parents = [str(parent) for parent in reversed(path.parents) if parent.name]
    return [
        *(pattern for parent in parents for pattern in (f"!{parent}", f"{parent}/*")),
        f"!{path}",
    ]
