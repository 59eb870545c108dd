"""How a workflow ends that did many things, each with an outcome of its own."""

from collections.abc import Mapping

from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"


def outcomes_end(
    scope: Construct,
    outcomes: str,
    *,
    summary: Mapping[str, str],
    failed: str,
    error: type[Exception],
    succeeded: str,
) -> sfn.IChainable:
    """Return states that fail an execution when any outcome's ``status`` is `FAILED`.

    Parameters
    ----------
    scope
        Whose states they are.
    outcomes
        JSON path of the list of outcomes. They are kept as ``outcomes``, and are the cause.
    summary
        What else is kept, paths by name.
    failed, error, succeeded
        Names of the two ends, and which error the first one tells.
    """
    summarize = sfn.Pass(
        scope,
        "Summarize",
        parameters={
            **{name: sfn.JsonPath.string_at(path) for name, path in summary.items()},
            "outcomes": sfn.JsonPath.list_at(outcomes),
            "any_failed": sfn.JsonPath.array_contains(
                sfn.JsonPath.list_at(f"{outcomes}[*].status"), FAILED
            ),
        },
    )
    fail = sfn.Fail(
        scope, failed, error=error.__name__, cause_path="States.JsonToString($.outcomes)"
    )
    choice = sfn.Choice(scope, "AnyFailed").when(
        sfn.Condition.boolean_equals("$.any_failed", value=True), fail
    )
    return summarize.next(choice.otherwise(sfn.Succeed(scope, succeeded)))
