"""Where a person's SDK and command line find the platform."""

import os
from dataclasses import dataclass, field

from mlops_platform.errors import ConfigurationError


def _environment(variable: str, default: str = "") -> str:
    return os.environ.get(variable, default)


def _threshold() -> float | None:
    text = _environment("AUTO_PROMOTE_THRESHOLD")
    try:
        return float(text) if text else None
    except ValueError as error:
        raise ConfigurationError(
            f"AUTO_PROMOTE_THRESHOLD is {text!r}; give a share such as 0.95."
        ) from error


@dataclass(frozen=True, kw_only=True)
class MLOpsConfig:
    """The platform of one environment, as its clients see it.

    Every field comes from an environment variable unless given. What is left empty is looked up
    in the environment's SSM parameters, which the templates write; AWS and the local cloud differ
    in ``AWS_ENDPOINT_URL`` alone, which boto3 reads by itself.

    Parameters
    ----------
    environment
        ``dev``, ``staging`` or ``prod`` (``SELFMONITOR_ENVIRONMENT``).
    mlflow_tracking_uri
        MLflow's address as this machine reaches it, e.g. through a tunnel
        (``MLFLOW_TRACKING_URI``).
    s3_bucket_name
        The data bucket (``S3_BUCKET_NAME``).
    auto_promote_threshold
        Smallest accuracy, in [0, 1], with which a training started from here is promoted without a
        person (``AUTO_PROMOTE_THRESHOLD``). It can only be stricter than the model's own
        `accuracy_threshold`, which decides when this is None.
    api_url, api_key
        The HTTP API and a key for it (``SELFMONITOR_API_URL``, ``SELFMONITOR_API_KEY``).

    Raises
    ------
    ConfigurationError
        The threshold is no share.
    """

    environment: str = field(default_factory=lambda: _environment("SELFMONITOR_ENVIRONMENT", "dev"))
    mlflow_tracking_uri: str = field(default_factory=lambda: _environment("MLFLOW_TRACKING_URI"))
    s3_bucket_name: str = field(default_factory=lambda: _environment("S3_BUCKET_NAME"))
    auto_promote_threshold: float | None = field(default_factory=_threshold)
    api_url: str = field(default_factory=lambda: _environment("SELFMONITOR_API_URL"))
    api_key: str = field(default_factory=lambda: _environment("SELFMONITOR_API_KEY"), repr=False)

    def __post_init__(self) -> None:
        threshold = self.auto_promote_threshold
        if threshold is not None and not 0 <= threshold <= 1:
            raise ConfigurationError(
                f"auto_promote_threshold (AUTO_PROMOTE_THRESHOLD) is {threshold}; it is a share "
                "and must lie in [0, 1]."
            )

    @property
    def parameter_prefix(self) -> str:
        """The SSM path below which the templates publish what clients need."""
        return parameter_prefix(self.environment)


def parameter_prefix(environment: str) -> str:
    """Return the SSM path of one environment.

    Examples
    --------
    >>> parameter_prefix("dev")
    '/selfmonitor-mlops/dev'
    """
    return f"/selfmonitor-mlops/{environment}"
