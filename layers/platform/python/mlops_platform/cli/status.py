"""`mlops status`: what is deployed, what serves, what runs."""

from typing import Any

import click

from mlops_platform.aws.clients import client
from mlops_platform.cli.output import Output
from mlops_platform.config.models import MODELS
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.discovery import discover, tracking_uri


@click.command()
@click.pass_obj
def status(output: Output) -> None:
    """Show the platform's health, the versions that serve and the newest training runs.

    Experiments are in MLflow's own pages, at the address shown.
    """
    config = MLOpsConfig()
    api = ApiClient(config)
    health = api.request("GET", "/health").body
    experiments = tracking_uri(config)
    rows: list[tuple[object, ...]] = [
        ("platform", health.get("status"), ""),
        ("experiments", experiments, ""),
    ]
    value: dict[str, Any] = {"health": health, "tracking_uri": experiments, "models": {}}
    for model in MODELS:
        serving = api.request("GET", f"/ml/{model.name}/health").body
        execution = _newest_execution(config, model.name)
        value["models"][model.name] = {"serving": serving, "training": execution}
        rows.append(
            (model.name, _serves(serving), f"{execution['name']} {execution['status']}".strip())
        )
    output.table("Status", ("what", "serves", "newest training"), rows, value)


def _serves(health: dict[str, Any]) -> str:
    """Return the versions that answer with their shares, or why there is none."""
    variants = [f"{v['model_version']} ({v['weight']:.0%})" for v in health.get("variants", [])]
    return ", ".join(variants) or str(health.get("detail", "no answer"))


def _newest_execution(config: MLOpsConfig, model_name: str) -> dict[str, str]:
    """Return name and status of the newest training execution; empty texts if there is none."""
    machine = discover(config, f"training_state_machine_arn/{model_name}")
    listed = client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    if not listed:
        return {"name": "", "status": ""}
    newest = max(listed, key=lambda execution: execution["startDate"])
    return {"name": newest["name"], "status": newest["status"]}
