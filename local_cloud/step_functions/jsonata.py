"""JSONata expressions are evaluated by jsonata-python: moto ships the parser but no engine."""

import json
from typing import Any

import jsonata as engine
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata


def _evaluate(expression: str) -> Any:
    try:
        result = engine.Jsonata(expression).evaluate(None)
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error
    # The engine answers with its own list and dict classes, which moto cannot copy.
    return json.loads(json.dumps(result))


def install() -> None:
    """Put the engine behind moto's hook."""
    moto_jsonata._eval_jsonata = _evaluate
