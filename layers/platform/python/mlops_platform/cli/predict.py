"""`mlops predict`: ask a deployed model."""

import json
from typing import Any, TextIO

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient


@click.command()
@click.argument("model")
@click.argument("features", nargs=-1, metavar="NAME=VALUE...")
@click.option("--file", "stream", type=click.File(), help="Features as a JSON object.")
@click.option("--model-version", default="latest", show_default=True)
@click.pass_obj
def predict(
    output: Output, model: str, features: tuple[str, ...], stream: TextIO | None, model_version: str
) -> None:
    """Ask MODEL for one prediction, e.g. `mlops predict fraud_detection amount=100`."""
    given = {**(_read(stream) if stream else {}), **dict(map(_parse, features))}
    answer = ApiClient(MLOpsConfig()).call(
        "POST", f"/ml/{model}/predict", {"features": given, "model_version": model_version}
    )
    rows = [*answer["prediction"].items(), ("model_version", answer["model_version"])]
    output.table(f"{model} says", ("what", "value"), rows, answer)


def _read(stream: TextIO) -> dict[str, Any]:
    try:
        given = json.load(stream)
    except ValueError as error:
        raise click.BadParameter(f"{stream.name} is not JSON: {error}.") from error
    if not isinstance(given, dict):
        raise click.BadParameter(
            f'{stream.name} must hold one JSON object such as {{"amount": 100}}; for many rows '
            "send them to batch_predict."
        )
    return given


def _parse(text: str) -> tuple[str, Any]:
    """Read ``name=value``; a value that is JSON keeps its type, anything else is text."""
    name, separator, value = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
