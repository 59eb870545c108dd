"""Join late labels with their predictions."""

import functools
from typing import Any

from mlops_platform.config.functions import JoinFeedbackSettings
from mlops_platform.monitoring.feedback_batch import join_batch
from mlops_platform.monitoring.label_join import LabelJoin


@functools.cache
def label_join() -> LabelJoin:
    """Return the join, made once per execution environment."""
    return LabelJoin.from_settings(JoinFeedbackSettings.from_environment())


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Join a batch of an SQS queue; answer which messages must come again."""
    return join_batch(label_join(), event)
