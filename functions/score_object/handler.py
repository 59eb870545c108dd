"""State ScoreObject of batch scoring.

Event: ``{"model_name", "input_uri", "output_uri"}``; the answer is that of `ObjectScoring.score`.
"""

import functools
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import ScoreObjectSettings
from mlops_platform.observability.logging import logger
from mlops_platform.serving.object_scoring import ObjectScoring
from mlops_platform.serving.predict_service import make_predictor


@functools.cache
def scoring(model_name: str) -> ObjectScoring:
    """Return a model's scoring, made once per execution environment."""
    settings = ScoreObjectSettings.from_environment()
    predictor = make_predictor(settings.predicting(model_name), records=None)
    return ObjectScoring(s3=client("s3"), predictor=predictor)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Score one object."""
    return scoring(event["model_name"]).score(event["input_uri"], event["output_uri"])
