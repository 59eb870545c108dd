"""`mlops train`: run a training pipeline and watch it."""

import dataclasses
from datetime import datetime

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.moments import parse_moment
from mlops_platform.sdk.executions import ExecutionResult
from mlops_platform.sdk.training_pipeline import PROMOTED_STATE, REGISTERED_STATE, TrainingPipeline


@click.command()
@click.argument("model")
@click.option("--as-of", help="Use only data before this moment (ISO 8601); now by default.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Follow it to the end.")
@click.pass_obj
def train(output: Output, model: str, as_of: str | None, *, wait: bool) -> None:
    """Train MODEL, compare it with the champion and release it if it passes the gate."""
    pipeline = TrainingPipeline(MLOpsConfig())
    moment = _moment(as_of)
    if not wait:
        arn = pipeline.start(model, as_of=moment)
        output.table("Training started", ("execution",), [(arn,)], {"execution_arn": arn})
        return
    result = pipeline.run(model, as_of=moment, on_state=lambda state: output.say(f"  {state}"))
    released = PROMOTED_STATE in result.states
    rows = [
        ("status", result.status),
        ("released", _released(model, result)),
        ("seconds", f"{result.seconds:.1f}"),
    ]
    value = {**dataclasses.asdict(result), "released": released}
    output.table(f"Training of {model}", ("what", "value"), rows, value)


def _released(model: str, result: ExecutionResult) -> str:
    if PROMOTED_STATE in result.states:
        return "yes"
    if REGISTERED_STATE not in result.states:
        return "no: the gate kept the champion"
    version = result.output["registration"]["version"]
    return f"no: version {version} waits in Staging; `mlops promote {model} {version}` releases it"


def _moment(text: str | None) -> datetime | None:
    """Read an ISO moment; without a time zone it counts as UTC."""
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a moment such as 2026-03-01T00:00:00Z."
        ) from error
