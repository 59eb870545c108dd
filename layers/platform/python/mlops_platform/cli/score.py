"""`mlops score`: score files of rows in bulk."""

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.batch_scoring import BatchScoring


@click.command()
@click.argument("model")
@click.argument("input_uri")
@click.pass_obj
def score(output: Output, model: str, input_uri: str) -> None:
    """Score every .jsonl below INPUT_URI, s3://<data bucket>/batches/..., with MODEL.

    Each line is one JSON object of features; each answer stands in the same line of a file of the
    same name below the place that is told at the end. A wrong row is answered with its errors.
    """
    result = BatchScoring(MLOpsConfig()).run(
        model, input_uri, on_state=lambda state: output.say(f"  {state}")
    )
    scores = [each["scores"] for each in result.output["outcomes"]]
    rows = [(each["output_uri"], str(each["n_rows"]), str(each["n_failed"])) for each in scores]
    output.table(f"Scores by {model}", ("file", "rows", "failed"), rows, result.output)
