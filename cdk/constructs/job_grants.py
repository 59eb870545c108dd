"""What a state machine may do to the SageMaker jobs that it starts and waits for."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn


def grant_jobs(
    workflow: sfn.StateMachine, actions: Sequence[str], *, kind: str, prefix: str
) -> None:
    """Allow actions of SageMaker on all jobs of a kind whose names begin so."""
    arn = Stack.of(workflow).format_arn(
        service="sagemaker", resource=kind, resource_name=f"{prefix}-*"
    )
    workflow.add_to_role_policy(
        iam.PolicyStatement(actions=[f"sagemaker:{action}" for action in actions], resources=[arn])
    )


def grant_waiting(workflow: sfn.StateMachine, *, job_role: iam.IRole, rule: str) -> None:
    """Allow what `.sync` takes beside the job itself.

    Parameters
    ----------
    job_role
        Handed to the job.
    rule
        Step Functions learns of a job's end by a rule of this name, which it manages itself.
    """
    workflow.add_to_role_policy(
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[job_role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        )
    )
    arn = Stack.of(workflow).format_arn(
        service="events",
        resource="rule",
        resource_name=rule,
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
    workflow.add_to_role_policy(
        iam.PolicyStatement(
            actions=["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            resources=[arn],
        )
    )
