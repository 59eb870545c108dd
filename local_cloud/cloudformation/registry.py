"""What the local cloud can deploy: one provider per CloudFormation resource type.

A type is either registered here as a `Provider`, or listed as native (moto's own model is right).
Everything else is refused before a stack is created.
"""

import dataclasses
from collections.abc import Callable
from typing import Any


class UnknownResourceTypeError(Exception):
    """A template holds a resource type that nothing here deploys."""


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
    """

    type: str
    create: Callable[[CreateRequest], Created]
    delete: Callable[[Created, str], None] | None = None
    name_property: str | None = None
    metadata_only: bool = False


_providers: dict[str, Provider] = {}
_native: dict[str, bool] = {}


def register(provider: Provider) -> None:
    """Let `provider` deploy its type; the last registration wins."""
    _providers[provider.type] = provider


def register_native(resource_type: str, *, metadata_only: bool = False) -> None:
    """Declare that moto's own model deploys `resource_type` correctly."""
    _native[resource_type] = metadata_only


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
    provider = _providers.get(resource_type)
    return provider.metadata_only if provider else _native.get(resource_type, False)
