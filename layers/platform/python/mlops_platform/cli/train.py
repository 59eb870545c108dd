"""`mlops train`: run a training pipeline and watch it."""

import dataclasses

import click

from mlops_platform.cli.moments import moment_of
from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.executions import ExecutionResult
from mlops_platform.sdk.training_pipeline import REGISTERED_STATE, RELEASED_STATE, TrainingPipeline


@click.command()
@click.argument("model")
@click.option("--as-of", help="Use only data before this moment (ISO 8601); now by default.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Follow it to the end.")
@click.pass_obj
def train(output: Output, model: str, as_of: str | None, *, wait: bool) -> None:
    """Train MODEL, compare it with the champion and release it if it passes the gate."""
    pipeline = TrainingPipeline(MLOpsConfig())
    moment = moment_of(as_of)
    if not wait:
        arn = pipeline.start(model, as_of=moment)
        output.table("Training started", ("execution",), [(arn,)], {"execution_arn": arn})
        return
    result = pipeline.run(model, as_of=moment, on_state=lambda state: output.say(f"  {state}"))
    released = RELEASED_STATE in result.states
    rows = [
        ("status", result.status),
        ("released", _released(model, result)),
        ("seconds", f"{result.seconds:.1f}"),
    ]
    value = {**dataclasses.asdict(result), "released": released}
    output.table(f"Training of {model}", ("what", "value"), rows, value)


def _released(model: str, result: ExecutionResult) -> str:
    if RELEASED_STATE in result.states:
        return "yes"
    if REGISTERED_STATE not in result.states:
        return "no: the gate kept the champion"
    version = result.output["registration"]["version"]
    return f"no: version {version} waits in Staging; `mlops promote {model} {version}` releases it"
