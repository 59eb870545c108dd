"""`mlops rollback` and `mlops history`: the ledger."""

from datetime import datetime
from typing import Any

import click

from mlops_platform.cli.moments import moment_of
from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.model_deployment import ModelDeploymentManager


@click.command()
@click.argument("model")
@click.option("--to", "version", help="A version that served; the one before by default.")
@click.option("--reason", required=True, help="Why; it stays in the ledger.")
@click.pass_obj
def rollback(output: Output, model: str, version: str | None, reason: str) -> None:
    """Bring an earlier version of MODEL back into production."""
    manager = ModelDeploymentManager(MLOpsConfig())
    answer = manager.roll_back(model, reason=reason, version=version)
    output.table(f"{model} rolled back", ("what", "value"), answer.items(), answer)


@click.command()
@click.argument("model")
@click.option("--at", help="As it was at this moment (ISO 8601); now by default.")
@click.pass_obj
def history(output: Output, model: str, at: str | None) -> None:
    """Show what happened to the versions of MODEL, by whom and why."""
    moment = moment_of(at)
    answer = ModelDeploymentManager(MLOpsConfig()).releases(model, at=moment)
    columns = ("#", "time", "what", "version", "serves then", "who", "why")
    rows = [_row(entry) for entry in answer["releases"]]
    output.table(_title(model, answer["production"], moment), columns, rows, answer)


def _title(model: str, production: str | None, moment: datetime | None) -> str:
    then = "now" if moment is None else f"at {moment.isoformat()}"
    return f"History of {model}; in production {then}: {production or 'nothing'}"


def _row(entry: dict[str, Any]) -> tuple[object, ...]:
    version, routing = entry["version"], entry["routing"]
    variants = [] if routing is None else routing["variants"]
    return (
        entry["sequence"],
        entry["at"][:19].replace("T", " "),
        entry["transition"].replace("_", " "),
        None if version is None else version["semantic_version"],
        ", ".join(variant["semantic_version"] for variant in variants),
        entry["who"],
        entry["why"],
    )
