"""State FollowStages of the release workflow, and every few minutes by itself.

Event: ``{"model_names"}``; the answer is that of `Reconciliation.reconcile_all`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import FollowStagesSettings
from mlops_platform.observability.logging import logger
from mlops_platform.registry.reconciliation import Reconciliation


@functools.cache
def reconciliation() -> Reconciliation:
    """Return what compares and repairs, made once per execution environment."""
    return Reconciliation.from_settings(FollowStagesSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Make routing and MLflow's stages agree with the ledger."""
    return reconciliation().reconcile_all(event["model_names"])
