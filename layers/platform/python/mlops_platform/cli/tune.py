"""`mlops tune`: search a model's hyperparameters by a tuning job, launched by hand."""

import dataclasses

import click

from mlops_platform.cli.moments import moment_of
from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.tuning_launch import TuningLaunch


@click.command()
@click.argument("model")
@click.option("--as-of", help="Use only data before this moment (ISO 8601); now by default.")
@click.pass_obj
def tune(output: Output, model: str, as_of: str | None) -> None:
    """Launch MODEL's tuning job through the `sagemaker` SDK and tell its best training job.

    The job is the one that the deployed workflow of a model with distributed tuning asks for.
    Nothing is registered or released: `mlops train` does that. The SDK has an environment of its
    own: `make authoring`.
    """
    best = TuningLaunch(MLOpsConfig()).run(model, as_of=moment_of(as_of))
    rows = [
        ("tuning job", best.tuning_job),
        ("best training job", best.training_job),
        ("objective", f"{best.objective:g}"),
        *sorted(best.hyperparameters.items()),
    ]
    output.table(f"Tuning of {model}", ("what", "value"), rows, dataclasses.asdict(best))
