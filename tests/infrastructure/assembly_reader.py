"""Reads a cloud assembly as its deployer does: templates, assets, state machine definitions."""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KUBECTL = "Kubectl"


@dataclass(frozen=True)
class Resource:
    """One resource of one stack."""

    stack: str
    logical_id: str
    type: str
    properties: dict[str, Any]
    depends_on: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.stack}/{self.logical_id}"


@dataclass(frozen=True)
class Assembly:
    """All templates in a folder."""

    directory: Path

    @functools.cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        """Each stack's template, by the stack's name."""
        return {
            path.name.split(".")[0]: json.loads(path.read_text())
            for path in sorted(self.directory.glob("*.template.json"))
        }

    @functools.cached_property
    def resources(self) -> list[Resource]:
        """Everything but what CDK brings along to apply manifests (see `kubectl`)."""
        return [each for each in self._all if _KUBECTL not in each.logical_id]

    @functools.cached_property
    def kubectl(self) -> list[Resource]:
        """What CDK brings along to apply manifests: functions, layers and roles of its own."""
        return [each for each in self._all if _KUBECTL in each.logical_id]

    @functools.cached_property
    def _all(self) -> list[Resource]:
        return [
            Resource(
                stack,
                key,
                entry["Type"],
                entry.get("Properties", {}),
                tuple(as_list(entry.get("DependsOn", []))),
            )
            for stack, template in self.templates.items()
            for key, entry in template["Resources"].items()
        ]

    def of_type(self, kind: str) -> list[Resource]:
        found = [each for each in self.resources if each.type == kind]
        assert found, f"no {kind} in {self.directory}"
        return found

    def asset(self, code: dict[str, Any]) -> Path:
        """Return the folder of a function's or layer's code."""
        return self.directory / f"asset.{code['S3Key'].removesuffix('.zip')}"

    def referred(self, resource: Resource, reference: dict[str, Any]) -> Resource:
        """Return what a Ref or GetAtt within the same stack points to."""
        target = reference.get("Ref") or reference["Fn::GetAtt"][0]
        return next(
            each
            for each in self.resources
            if each.stack == resource.stack and each.logical_id == target
        )

    def meant(self, stack: str, value: Any) -> Resource | None:
        """Return the resource that a value in a stack stands for, whichever stack has it.

        An ARN that is joined from a resource's own and more, as ``<bucket>/*``, stands for that
        resource; None where a value stands for no resource.
        """
        match value:
            case {"Ref": name} | {"Fn::GetAtt": [name, *_]}:
                return self._by_id.get((stack, name))
            case {"Fn::Join": [_, [*parts]]}:
                found = (self.meant(stack, part) for part in parts)
                return next((each for each in found if each), None)
            case {"Fn::ImportValue": str(export)}:
                return self.meant(*self._exports[export])
        return None

    @functools.cached_property
    def _by_id(self) -> dict[tuple[str, str], Resource]:
        return {(each.stack, each.logical_id): each for each in self._all}

    @functools.cached_property
    def _exports(self) -> dict[str, tuple[str, Any]]:
        return {
            output["Export"]["Name"]: (stack, output["Value"])
            for stack, template in self.templates.items()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    def definition(self, machine: Resource) -> dict[str, Any]:
        """Return a state machine's definition; references appear as ``<logical id>``."""
        body: dict[str, Any] = json.loads(flatten(machine.properties["DefinitionString"]))
        return body

    def statements(self) -> Iterator[tuple[Resource, dict[str, Any]]]:
        """Yield every statement of every role's policy."""
        for policy in self.of_type("AWS::IAM::Policy"):
            for statement in policy.properties["PolicyDocument"]["Statement"]:
                yield policy, statement

    def policies_of(self, role: Resource) -> list[Resource]:
        """Return one role's policies."""
        return [
            policy
            for policy in self.of_type("AWS::IAM::Policy")
            if policy.stack == role.stack and {"Ref": role.logical_id} in policy.properties["Roles"]
        ]

    def statements_of(self, role: Resource) -> list[dict[str, Any]]:
        """Return every statement of one role's policies."""
        return [
            statement
            for policy in self.policies_of(role)
            for statement in policy.properties["PolicyDocument"]["Statement"]
        ]


def flatten(value: Any) -> str:
    """Write a template value as text, references as ``<logical id>``."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(flatten(part) for part in parts)
    if "Fn::Sub" in value:
        return str(value["Fn::Sub"])
    target = next(iter(value.values()))
    return f"<{target[0] if isinstance(target, list) else target}>"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def states(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every state, those within Map and Parallel states included."""
    for name, state in definition["States"].items():
        yield name, state
        for inner in [state.get("ItemProcessor"), *state.get("Branches", [])]:
            if inner:
                yield from states(inner)
