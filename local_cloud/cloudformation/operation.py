"""Build a provider from one botocore operation: most resource types need nothing more."""

import dataclasses
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from botocore.model import Shape

from local_cloud.clients import client as shared_client
from local_cloud.cloudformation.coercion import coerce
from local_cloud.cloudformation.properties import Properties, members_beyond, without
from local_cloud.cloudformation.registry import Created, CreateRequest, Provider

Prepare = Callable[[CreateRequest], dict[str, Any]]
Read = str | Callable[[Mapping[str, Any]], Any]


@dataclasses.dataclass(frozen=True)
class Operation:
    """A botocore operation that creates a resource.

    Attributes
    ----------
    service, method
        As boto3 names them: `"apigatewayv2"`, `"create_api"`.
    physical_id
        Where the answer (laid over the properties) holds what `Ref` returns: a key or a function.
        None: the request's physical name.
    attributes
        The same for each `GetAtt` attribute.
    name_property
        The property that takes the generated name when the template gives none.
    prepare
        Changes the properties before they are coerced to the operation's input shape.
    reads
        The properties that `prepare` translates, or other code reads.
    ignores
        The properties that are knowingly without effect here.
    passes_all
        Whether each member of the operation's input may be set as well. False where the services
        would record what nothing here imitates.
    metadata_only
        Whether the type is only recorded; then what the operation lacks does not matter.
    """

    service: str
    method: str
    physical_id: Read | None = None
    attributes: Mapping[str, Read] = dataclasses.field(default_factory=dict)
    name_property: str | None = None
    prepare: Prepare | None = None
    reads: AbstractSet[str] = frozenset()
    ignores: AbstractSet[str] = frozenset()
    passes_all: bool = True
    metadata_only: bool = False

    @property
    def properties(self) -> Properties:
        """What a template may set."""
        return Properties(self.reads, self.ignores, self._shape if self.passes_all else None)

    def create(self, request: CreateRequest) -> Created:
        """Call the operation with the request's properties."""
        client = shared_client(self.service)
        parameters = self.prepare(request) if self.prepare else dict(request.properties)
        if self.name_property:
            parameters.setdefault(self.name_property, request.physical_name)
        shape = self._shape()
        lacking = set(members_beyond(parameters, shape))
        droppable = lacking if self.metadata_only else lacking & self.ignores
        answer = getattr(client, self.method)(**coerce(without(parameters, droppable), shape))
        answer.pop("ResponseMetadata", None)
        facts = _flatten(parameters, answer)
        physical_id = _read(facts, self.physical_id) if self.physical_id else request.physical_name
        # An attribute that the answer lacks is refused where a template reads it.
        attributes = {
            name: _read(facts, read)
            for name, read in self.attributes.items()
            if not isinstance(read, str) or read in facts
        }
        return Created(str(physical_id), attributes)

    def provider(
        self,
        resource_type: str,
        *,
        delete: Callable[[Created, str], None] | None = None,
    ) -> Provider:
        """Wrap the operation as the provider of `resource_type`."""
        return Provider(
            resource_type,
            self.create,
            delete,
            self.name_property,
            self.metadata_only,
            self.properties,
        )

    def _shape(self) -> Shape:
        client = shared_client(self.service)
        name = client.meta.method_to_api_mapping[self.method]
        shape: Shape = client.meta.service_model.operation_model(name).input_shape
        return shape


def _flatten(properties: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    facts = {**properties, **answer}
    for value in answer.values():
        if isinstance(value, dict):
            facts.update(value)
    return facts


def _read(facts: Mapping[str, Any], read: Read) -> Any:
    return facts[read] if isinstance(read, str) else read(facts)
