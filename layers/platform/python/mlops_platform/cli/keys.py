"""`mlops keys`: who may call the HTTP API."""

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover
from mlops_platform.security.api_keys import create_api_key


@click.group()
def keys() -> None:
    """Keys of the HTTP API."""


@keys.command()
@click.option("--name", required=True, help="Whose key it is.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=["predict", "read"],
    type=click.Choice(["predict", "read", "operate", "approve"]),
    help="What it may do; give it once for each scope.",
)
@click.pass_obj
def create(output: Output, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it; only its hash is stored, so this is the one time it is seen."""
    key = create_api_key(discover(MLOpsConfig(), "api_key_table"), name, list(scopes))
    value = {"name": name, "scopes": list(scopes), "api_key": key}
    output.table("A new key", ("name", "scopes", "key"), [(name, ", ".join(scopes), key)], value)
