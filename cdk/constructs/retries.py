"""What is worth trying again, for how long, and what is not."""

from typing import Protocol

from aws_cdk import Duration

from mlops_platform.errors import FeatureConflictError, LedgerConflictError, TrackingServerError

# Trouble of Lambda itself, or a process that ended without an answer. The steps are idempotent.
_LAMBDA_ERRORS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
)
# DynamoDB throttled or out of order. What a function raises arrives under its Python class's name,
# and boto3 names its classes so.
_TABLE_ERRORS = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
)
_SERVICE_ERRORS = {
    "sagemaker": ("SageMaker.AmazonSageMakerException",),
    "events": (
        "EventBridge.FailedEntry",
        "EventBridge.InternalException",
        "EventBridge.AmazonEventBridgeException",
    ),
    "sns": ("SNS.InternalErrorException", "SNS.AmazonSNSException"),
}


class Retryable(Protocol):
    """A state that can be told to try again."""

    def add_retry(
        self,
        *,
        backoff_rate: float | None = ...,
        errors: list[str] | None = ...,
        interval: Duration | None = ...,
        max_attempts: float | None = ...,
        max_delay: Duration | None = ...,
    ) -> object:
        """Add one rule; the first that names an error applies."""


def retry_function(state: Retryable) -> None:
    """Try a function again after Lambda's own errors, and longer where others need time.

    MLflow may be restarting, a table may be throttled, other writers may hold the same entities.
    """
    state.add_retry(
        errors=[*_LAMBDA_ERRORS], interval=Duration.seconds(1), backoff_rate=2, max_attempts=4
    )
    # A replaced MLflow task answers after about a minute; 2 + 4 + 8 + 16 + 4 * 20 s outlast it.
    state.add_retry(
        errors=[
            TrackingServerError.__name__,
            FeatureConflictError.__name__,
            LedgerConflictError.__name__,
            *_TABLE_ERRORS,
        ],
        interval=Duration.seconds(2),
        backoff_rate=2,
        max_attempts=8,
        max_delay=Duration.seconds(20),
    )


def retry_service(state: Retryable, service: str) -> None:
    """Try an AWS API again that was throttled or out of order."""
    state.add_retry(
        errors=[*_SERVICE_ERRORS[service]],
        interval=Duration.seconds(2),
        backoff_rate=2,
        max_attempts=4,
    )
