"""Extends moto's CloudFormation engine until CDK's templates deploy.

Every patch replaces a module global or a method for which moto has no public hook; each says why.
"""

import functools
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack

from local_cloud.cloudformation.dynamic_references import resolve_dynamic_references
from local_cloud.cloudformation.physical_names import generate_physical_name
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider, find_provider
from local_cloud.patching import replace


class UnresolvedReferenceError(Exception):
    """A template reads an attribute that the local cloud's resource does not have."""


class MissingPropertyError(Exception):
    """A provider did not find what it reads."""


class Resource:
    """A created resource, as moto's resource map wants to see it."""

    def __init__(self, provider: Provider, created: Created) -> None:
        self._provider = provider
        self._created = created
        self.physical_resource_id = created.physical_id
        self.type = provider.type

    def is_created(self) -> bool:
        """Tell that creation is over: providers return when the resource is ready."""
        return True

    def get_cfn_attribute(self, attribute: str) -> Any:
        """Answer `Fn::GetAtt`."""
        if attribute not in self._created.attributes:
            raise UnresolvedReferenceError(
                f"{self.type} has no attribute {attribute} here. Let its provider return it in "
                f"Created.attributes; it returns {sorted(self._created.attributes)}."
            )
        return self._created.attributes[attribute]

    def delete(self, account_id: str, region: str) -> None:  # noqa: ARG002 (moto's signature)
        """Remove the resource."""
        if self._provider.delete:
            self._provider.delete(self._created, region)


class ProviderModel:
    """A `Provider` in the place where moto expects one of its model classes."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def cloudformation_name_type(self) -> str | None:
        """Return the property that names the resource."""
        return self._provider.name_property

    def create_from_cloudformation_json(
        self,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **context: Any,
    ) -> Resource:
        """Create the resource from resolved properties."""
        properties = cloudformation_json.get("Properties", {})
        logical_id = context.get("LogicalId", resource_name)
        request = CreateRequest(logical_id, resource_name, properties, account_id, region_name)
        try:
            return Resource(self._provider, self._provider.create(request))
        except KeyError as error:
            # moto's lazy resource map would take it for a reference to nowhere.
            raise MissingPropertyError(
                f"{logical_id} ({self._provider.type}) lacks {error} in its properties, or in "
                "the service's answer."
            ) from error
        except Exception as error:
            error.add_note(f"While creating {logical_id} ({self._provider.type}).")
            raise

    def update_from_cloudformation_json(
        self,
        original_resource: Resource,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Resource:
        """Replace the resource: nothing here is updated in place."""
        original_resource.delete(account_id, region_name)
        return self.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )


@functools.cache
def install() -> None:
    """Patch moto's engine, once per process."""
    native_class = parsing.resource_class_from_type
    native_name_property = parsing.resource_name_property_from_type
    native_parse = parsing.parse_resource

    def resource_class_from_type(resource_type: str) -> Any:
        provider = find_provider(resource_type)
        return ProviderModel(provider) if provider else native_class(resource_type)

    def resource_name_property_from_type(resource_type: str) -> str | None:
        provider = find_provider(resource_type)
        return provider.name_property if provider else native_name_property(resource_type)

    def parse_resource(resource_json: dict[str, Any], resources_map: Any) -> Any:
        model, resolved, resource_type = native_parse(resource_json, resources_map)
        _refuse_unresolved(resolved.get("Properties", {}), resource_type)
        resolved["Properties"] = resolve_dynamic_references(resolved.get("Properties", {}))
        return model, resolved, resource_type

    # moto skips types that it does not know; here they are refused, or ours.
    replace(parsing, "resource_class_from_type", resource_class_from_type)
    replace(parsing, "resource_name_property_from_type", resource_name_property_from_type)
    # moto's generated names ignore most services' limits on length and letters.
    replace(parsing, "generate_resource_name", generate_physical_name)
    # moto knows no `{{resolve:…}}`, and passes on a GetAtt that it could not answer.
    replace(parsing, "parse_resource", parse_resource)
    # moto asks a class whether an attribute exists; a provider knows it after creation only.
    replace(parsing.ResourceMap, "validate_outputs", lambda _: None)
    # moto cannot answer `GetAtt NestedStack.Outputs.X`.
    Stack.get_cfn_attribute = _nested_stack_output  # type: ignore[attr-defined]


def _nested_stack_output(stack: Any, attribute: str) -> Any:
    key = attribute.removeprefix("Outputs.")
    for output in stack.output_map.values():
        if output and output.key == key:
            return output.value
    raise UnresolvedReferenceError(f"The nested stack {stack.name} has no output {key}.")


def _refuse_unresolved(value: Any, resource_type: str) -> None:
    if isinstance(value, dict):
        if "Fn::GetAtt" in value:
            raise UnresolvedReferenceError(
                f"{resource_type} reads {'.'.join(value['Fn::GetAtt'])}, which moto's model does "
                "not offer. Register a Provider for the type that is read."
            )
        for item in value.values():
            _refuse_unresolved(item, resource_type)
    elif isinstance(value, list):
        for item in value:
            _refuse_unresolved(item, resource_type)
