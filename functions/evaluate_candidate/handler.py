"""State EvaluateCandidate of a training pipeline.

Event: ``{"model_name", "artifact_uri", "champion", "auto_promote_threshold", "execution_name"}``;
the answer is that of `CandidateEvaluation.evaluate`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.config.functions import EvaluateCandidateSettings
from mlops_platform.observability.logging import logger
from mlops_platform.pipeline.candidate_evaluation import CandidateEvaluation


@functools.cache
def evaluation() -> CandidateEvaluation:
    """Return the step, made once per execution environment."""
    return CandidateEvaluation.from_settings(EvaluateCandidateSettings.from_environment())


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Decide whether the candidate may go on."""
    return evaluation().evaluate(
        model_name=event["model_name"],
        artifact_uri=event["artifact_uri"],
        champion=event["champion"],
        auto_promote_threshold=event["auto_promote_threshold"],
        execution_name=event["execution_name"],
    )
