"""What a target receives: the event, a part of it, a constant, or a transformed text."""

import json
import re
from typing import Any

from local_cloud.json_path import look_up

Event = dict[str, Any]

_PLACEHOLDER = re.compile(r"<([\w.-]+)>")


def render(target: dict[str, Any], event: Event, rule: dict[str, str]) -> str:
    """Return the text that EventBridge sends to `target`.

    Parameters
    ----------
    target
        The rule's target, as PutTargets takes it.
    event
        The whole event, its time as ISO text.
    rule
        `{"arn": …, "name": …}` of the rule, and `ingestion-time`, for the reserved variables.
    """
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(look_up(event, target["InputPath"]))
    if "InputTransformer" in target:
        return transform(target["InputTransformer"], event, rule)
    return json.dumps(event)


def transform(transformer: dict[str, Any], event: Event, rule: dict[str, str]) -> str:
    """Fill an input template.

    Inside quotes a text value goes in as it is and anything else as JSON text; outside quotes
    every value goes in as JSON. A path that leads nowhere gives an empty text.

    >>> transform({"InputPathsMap": {"t": "$.time"}, "InputTemplate": '{"as_of": <t>}'},
    ...           {"time": "2026-03-01T00:00:00Z"}, {})
    '{"as_of": "2026-03-01T00:00:00Z"}'
    """
    values = _reserved(event, rule) | {
        name: look_up(event, path) for name, path in transformer.get("InputPathsMap", {}).items()
    }
    template = transformer["InputTemplate"]

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        text = "" if value is None else value
        if not _is_quoted(template, match.start()):
            return json.dumps(text)
        plain = text if isinstance(text, str) else json.dumps(text)
        return json.dumps(plain)[1:-1]

    return _PLACEHOLDER.sub(fill, template)


def _reserved(event: Event, rule: dict[str, str]) -> dict[str, Any]:
    return {
        "aws.events.rule-arn": rule.get("arn", ""),
        "aws.events.rule-name": rule.get("name", ""),
        "aws.events.event.ingestion-time": rule.get("ingestion-time", event.get("time", "")),
        "aws.events.event": {name: part for name, part in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }


def _is_quoted(template: str, position: int) -> bool:
    unescaped = re.sub(r"\\.", "", template[:position])
    return unescaped.count('"') % 2 == 1
