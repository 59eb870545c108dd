"""`mlops models` and `mlops promote`: the registry."""

from typing import Any

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.api_client import ApiClient


@click.command()
@click.argument("name", required=False)
@click.pass_obj
def models(output: Output, name: str | None) -> None:
    """List the models, or the versions of one."""
    api = ApiClient(MLOpsConfig())
    if name:
        _show_versions(output, api.call("GET", f"/models/{name}"))
        return
    listed = api.call("GET", "/models")
    rows = [
        (m["name"], m.get("production"), m.get("staging"), m.get("versions"))
        for m in listed["models"]
    ]
    output.table("Models", ("model", "production", "staging", "versions"), rows, listed)


def _show_versions(output: Output, model: dict[str, Any]) -> None:
    rows = [
        (v["version"], v["semantic_version"], v["stage"], v.get("bundle_sha256", "")[:12])
        for v in model["versions"]
    ]
    columns = ("version", "semantic version", "stage", "bundle")
    output.table(f"Versions of {model['name']}", columns, rows, model)


@click.command()
@click.argument("name")
@click.argument("version")
@click.option(
    "--stage", type=click.Choice(["staging", "production"]), default="production", show_default=True
)
@click.option("--reason", default="promoted by hand", help="Why; it stays in the ledger.")
@click.pass_obj
def promote(output: Output, name: str, version: str, stage: str, reason: str) -> None:
    """Move VERSION of the model NAME to a stage."""
    answer = ApiClient(MLOpsConfig()).call(
        "POST", f"/models/{name}/promote/{stage}", {"version": version, "reason": reason}
    )
    output.table(f"{name} in {stage}", ("what", "value"), answer.items(), answer)
