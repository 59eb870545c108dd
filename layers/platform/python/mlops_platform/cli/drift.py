"""`mlops drift`: what the watch over drift decided."""

from datetime import datetime
from typing import Any

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.drift_detector import DriftDetector

_SHOWN_NAMES = 3


@click.command()
@click.argument("model")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first day, such as 2026-03-01; two weeks ago by default.",
)
@click.pass_obj
def drift(output: Output, model: str, since: datetime | None) -> None:
    """Show how far what MODEL sees has moved from its training, day by day."""
    answer = DriftDetector(MLOpsConfig()).verdicts(model, since.date() if since else None)
    columns = ("day", "version", "verdict", "score", "pages", "what moved, the surest first")
    rows = [_row(verdict) for verdict in answer["verdicts"]]
    output.say(_incident(answer["incident"]))
    output.table(f"Drift of {model} since {answer['since']}", columns, rows, answer)
    if not rows:
        output.say(_older(answer["latest"]))


def _row(verdict: dict[str, Any]) -> tuple[object, ...]:
    named = verdict["named"]
    more = len(named) - _SHOWN_NAMES
    moved = ", ".join(named[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
    return (
        verdict["day"],
        verdict["semantic_version"],
        verdict["verdict"],
        verdict["model_drift_score"],
        "yes" if verdict["page"] else "no",
        moved or verdict["summary"],
    )


def _older(latest: dict[str, Any] | None) -> str:
    if latest is None:
        return "No day has been judged yet; the first one that is whole will be."
    return f"The newest verdict is on {latest['day']}; `--since {latest['day']}` shows it."


def _incident(incident: dict[str, Any] | None) -> str:
    if incident is None:
        return "There is no open incident."
    opened = f"{incident['incident_id']} is open since {incident['opened_at'][:16]}"
    if incident["retraining"]:
        return f"{opened}; {incident['retraining']} trains the model again because of it."
    return f"{opened}; the model is trained again once enough labels have come."
