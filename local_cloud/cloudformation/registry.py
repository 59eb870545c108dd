"""What the local cloud can deploy: one provider per CloudFormation resource type.

A type is either registered here as a `Provider`, or listed as native (moto's own model is right).
Everything else is refused before a stack is created, and so are properties that the provider would
not read.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.cloudformation.properties import NO_PROPERTIES, Properties


class UnknownResourceTypeError(Exception):
    """A template holds a resource type that nothing here deploys."""


class UnsupportedPropertyError(Exception):
    """A property asks for what the local cloud cannot run."""


class UnreadPropertyError(Exception):
    """A template sets properties that nothing here acts upon."""


@dataclasses.dataclass(frozen=True)
class CreateRequest:
    """One resource to create, with every intrinsic function already resolved.

    Attributes
    ----------
    logical_id
        Its key in the template.
    physical_name
        The value of the provider's `name_property`, or a generated, unique name.
    properties
        The template's `Properties`.
    """

    logical_id: str
    physical_name: str
    properties: dict[str, Any]
    account_id: str
    region: str


@dataclasses.dataclass(frozen=True)
class Created:
    """A created resource: what `Ref` and `Fn::GetAtt` answer.

    `attributes` are keyed as `GetAtt` spells them, dots included (`Endpoint.Address`).
    """

    physical_id: str
    attributes: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Provider:
    """How to create and delete one resource type.

    Attributes
    ----------
    type
        The CloudFormation type, `AWS::Service::Thing`.
    create
        Makes the resource.
    delete
        Removes it; called with what `create` returned and the region. None: nothing to remove.
    name_property
        The property that names the resource, where users may.
    metadata_only
        Whether the type is only recorded: nothing of its behaviour is enforced here.
    properties
        What is read and what is knowingly ignored; of no matter for a type that is only recorded.
    """

    type: str
    create: Callable[[CreateRequest], Created]
    delete: Callable[[Created, str], None] | None = None
    name_property: str | None = None
    metadata_only: bool = False
    properties: Properties = NO_PROPERTIES

    def sort_properties(self, properties: dict[str, Any]) -> tuple[set[str], set[str]]:
        """Return what of a template's properties is unread, and what is ignored."""
        if self.metadata_only:
            return set(), set()
        unread, ignored = self.properties.sort(properties)
        return unread - {self.name_property}, ignored


_providers: dict[str, Provider] = {}
_native: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Let `provider` deploy its type; the last registration wins."""
    _providers[provider.type] = provider


def register_native(
    resource_type: str, *, metadata_only: bool = False, properties: Properties = NO_PROPERTIES
) -> None:
    """Declare that moto's own model deploys `resource_type` correctly."""
    _native[resource_type] = Provider(
        resource_type, _created_by_moto, metadata_only=metadata_only, properties=properties
    )


def _created_by_moto(request: CreateRequest) -> Created:
    raise RuntimeError(f"moto's own model creates {request.logical_id}.")


def find_provider(resource_type: str) -> Provider | None:
    """Return the provider of a type, or None when moto's own model is used.

    Raises
    ------
    UnknownResourceTypeError
        When the type is neither registered nor native.
    """
    if resource_type in _providers:
        return _providers[resource_type]
    refuse_unknown_types({resource_type})
    return None


def refuse_unknown_types(resource_types: set[str]) -> None:
    """Check that every type can be deployed.

    Raises
    ------
    UnknownResourceTypeError
        Naming all types that are neither registered nor native.
    """
    unknown = sorted(resource_types - _providers.keys() - _native.keys())
    if unknown:
        raise UnknownResourceTypeError(
            f"The local cloud does not know {', '.join(unknown)}. Register a Provider for each "
            "type under local_cloud/cloudformation/providers, or, when nothing of its behaviour "
            "matters locally, register it with metadata_only=True."
        )


def is_metadata_only(resource_type: str) -> bool:
    """Tell whether a known type is only recorded here."""
    return _known(resource_type).metadata_only


def ignored_properties(resources: Mapping[str, dict[str, Any]]) -> list[str]:
    """Return what a template's resources set and their providers ignore: `<type>.<property>`."""
    return sorted(
        {
            f"{resource['Type']}.{path}"
            for resource in resources.values()
            for path in _sort_properties(resource)[1]
        }
    )


def refuse_unread_properties(resources: Mapping[str, dict[str, Any]]) -> None:
    """Check that everything that a template's resources set is read, or knowingly ignored.

    Raises
    ------
    UnreadPropertyError
        Naming all resources and properties of which this is not so.
    """
    unread = sorted(
        f"{resource['Type']}.{path} of {logical_id}"
        for logical_id, resource in resources.items()
        for path in _sort_properties(resource)[0]
    )
    if unread:
        raise UnreadPropertyError(
            f"The local cloud would not act upon {', '.join(unread)}. Let the type's provider read "
            "it, or, when nothing of its behaviour matters locally, name it in the `ignores` of "
            "the provider's properties."
        )


def _sort_properties(resource: dict[str, Any]) -> tuple[set[str], set[str]]:
    return _known(resource["Type"]).sort_properties(resource.get("Properties", {}))


def _known(resource_type: str) -> Provider:
    return _providers.get(resource_type) or _native[resource_type]
