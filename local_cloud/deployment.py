"""Deploys cloud assemblies: assets into S3, then stacks in the order of their dependencies."""

import json
from pathlib import Path
from typing import Any

from moto.cloudformation.models import cloudformation_backends

from local_cloud.assets import Placeholders, StackArtifact, list_stacks, map_images, publish_files
from local_cloud.clients import client
from local_cloud.cloudformation.registry import (
    ignored_properties,
    is_metadata_only,
    refuse_unknown_types,
    refuse_unread_properties,
)
from local_cloud.images import Image, UnsupportedImageError, read_image

_BOOTSTRAP_VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = "30"


class Deployment:
    """What has been deployed to one cloud.

    Attributes
    ----------
    images
        Directory of each docker image asset, by image URI as templates spell it.
    stacks
        The `stacks` of cloud.json, in the order of their creation.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self.images: dict[str, Path] = {}
        self.stacks: list[dict[str, Any]] = []
        self._account_id = account_id
        self._region = region

    def deploy(self, assembly: Path) -> None:
        """Publish an assembly's assets and create its stacks.

        Raises
        ------
        UnknownResourceTypeError
            Before anything is created, when a template holds a type that nothing here deploys.
        UnreadPropertyError
            Likewise, when it sets a property that its provider neither reads nor ignores.
        """
        placeholders = Placeholders(self._account_id, self._region)
        stacks = list_stacks(assembly)
        check_plan(assembly)
        self.images |= map_images(assembly, placeholders)
        publish_files(assembly, placeholders)
        client("ssm").put_parameter(
            Name=_BOOTSTRAP_VERSION_PARAMETER,
            Value=_BOOTSTRAP_VERSION,
            Type="String",
            Overwrite=True,
        )
        for stack in stacks:
            self._create_stack(stack)

    def find_image(self, uri: str) -> Image:
        """Return the image that an image URI of the templates means.

        Raises
        ------
        UnsupportedImageError
            When no docker image asset of the assembly has that URI.
        """
        if uri not in self.images:
            raise UnsupportedImageError(
                f"{uri} is no docker image asset of the deployed assembly; known are "
                f"{sorted(self.images)}."
            )
        return read_image(self.images[uri])

    def _create_stack(self, stack: StackArtifact) -> None:
        # In process rather than by HTTP: a failing resource shows its own traceback.
        backend = cloudformation_backends[self._account_id][self._region]
        created = backend.create_stack(stack.name, stack.template.read_text(), parameters={})
        resources = created.template_dict["Resources"]
        types = [entry["Type"] for entry in resources.values()]
        self.stacks.append(
            {
                "name": stack.name,
                "resources": len(types),
                "metadata_only": sorted({kind for kind in types if is_metadata_only(kind)}),
                "ignored_properties": ignored_properties(resources),
            }
        )


def check_plan(assembly: Path) -> None:
    """Check that all of an assembly's resources can be deployed, nested stacks included.

    Raises
    ------
    UnknownResourceTypeError, UnreadPropertyError
        When not.
    """
    templates = [json.loads(path.read_text()) for path in assembly.rglob("*.template.json")]
    stacks = [template["Resources"] for template in templates]
    refuse_unknown_types({entry["Type"] for stack in stacks for entry in stack.values()})
    for stack in stacks:
        refuse_unread_properties(stack)
