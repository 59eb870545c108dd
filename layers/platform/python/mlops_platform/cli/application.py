"""The commands put together, and the one place where errors become sentences."""

import os
import sys

import click
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from mlops_platform.cli.capture import losses, recover_command, redrive_command
from mlops_platform.cli.cloud import down, up
from mlops_platform.cli.data import data
from mlops_platform.cli.drift import drift
from mlops_platform.cli.keys import keys
from mlops_platform.cli.models import models, promote
from mlops_platform.cli.output import Output
from mlops_platform.cli.predict import predict
from mlops_platform.cli.releases import history, rollback
from mlops_platform.cli.score import score
from mlops_platform.cli.status import status
from mlops_platform.cli.train import train
from mlops_platform.cli.tune import tune
from mlops_platform.errors import PlatformError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.version_option(package_name="selfmonitor-mlops")
@click.pass_context
def mlops(context: click.Context, *, as_json: bool) -> None:
    """Train, look at and use SelfMonitor's models, on AWS or on the local cloud.

    The commands go where the AWS environment variables point; for the local cloud run
    `make up` and `source .local/environment` first.
    """
    context.obj = Output(as_json=as_json)


for command in (up, down, status, train, models, promote, rollback, history, predict, data, keys):
    mlops.add_command(command)
for command in (tune, score, drift, losses, recover_command, redrive_command):
    mlops.add_command(command)


def main() -> None:
    """Run `mlops`; an error of the platform or of AWS is told in words, with exit status 1."""
    try:
        mlops()
    except PlatformError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)
    except (Boto3Error, BotoCoreError, ClientError) as error:
        click.echo(f"AWS did not do what was asked: {error}\n{_where_aws_is()}", err=True)
        sys.exit(1)


def _where_aws_is() -> str:
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    place = f"AWS_ENDPOINT_URL is {endpoint}" if endpoint else "AWS_ENDPOINT_URL is not set: AWS"
    return (
        f"({place}. Is that where you want to work, and do the credentials belong there? For the "
        "local cloud run `make up` and `source .local/environment`; for AWS set AWS_PROFILE.)"
    )
