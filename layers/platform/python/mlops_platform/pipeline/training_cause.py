"""What the ledger says of transitions that a training pipeline makes by itself."""

from collections.abc import Mapping
from typing import Any

from mlops_platform.registry.transition import Cause

TRAINING_PIPELINE = "training pipeline"


def training_cause(execution_name: str, why: str, evidence: Mapping[str, Any]) -> Cause:
    """Return the cause that stands behind one execution of the pipeline."""
    return Cause(
        operation=f"training {execution_name}",
        who=TRAINING_PIPELINE,
        why=why,
        evidence=evidence,
    )
