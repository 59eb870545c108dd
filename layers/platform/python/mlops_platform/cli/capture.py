"""`mlops losses`, `mlops recover` and `mlops redrive`: see to it that all is counted."""

import dataclasses
from datetime import UTC, datetime, timedelta

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.metrics_collector import MetricsCollector
from mlops_platform.sdk.recovery import QUEUED, SUBSCRIBERS, recover, redrive

HOURS = click.option(
    "--hours",
    type=click.IntRange(min=1),
    default=24,
    show_default=True,
    help="How far to look back.",
)


@click.command()
@click.argument("model")
@HOURS
@click.pass_obj
def losses(output: Output, model: str, hours: int) -> None:
    """Show how many predictions of MODEL were counted, and which numbers are lost."""
    since = datetime.now(UTC) - timedelta(hours=hours)
    report = MetricsCollector(MLOpsConfig()).report_losses(model, since=int(since.timestamp()))
    value = report.to_dict()
    rows = [(name, text) for name, text in value.items() if name != "lost_numbers"]
    rows += [
        (f"lost of {name}", ", ".join(f"{first}-{last}" for first, last in numbers.intervals))
        for name, numbers in report.lost.items()
    ]
    output.table(f"Capture of {model}", ("what", "how many"), rows, value)


@click.command("recover")
@click.argument("model")
@HOURS
@click.pass_obj
def recover_command(output: Output, model: str, hours: int) -> None:
    """Read MODEL's log again and count what its subscription lost; counts nothing twice."""
    now = datetime.now(UTC)
    found = recover(MLOpsConfig(), model, since=now - timedelta(hours=hours), until=now)
    value = dataclasses.asdict(found)
    output.table(f"Recovered of {model}", ("what", "how many"), value.items(), value)


@click.command("redrive")
@click.argument("function", type=click.Choice([*SUBSCRIBERS, *QUEUED]))
@click.pass_obj
def redrive_command(output: Output, function: str) -> None:
    """Deliver FUNCTION's dead letters again; those that fail again stay."""
    value = dataclasses.asdict(redrive(MLOpsConfig(), function))
    output.table(f"Dead letters of {function}", ("what", "how many"), value.items(), value)
