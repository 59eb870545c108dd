"""What callers see of a row's prediction, or of the refusal to make one."""

from collections.abc import Mapping
from typing import Any

from mlops_platform.serving.predictor import RowProblems


def row_answer(row: Mapping[str, Any] | RowProblems) -> dict[str, Any]:
    """Return a row's answer: not the caller's own features again."""
    if isinstance(row, RowProblems):
        return {"errors": row.problems}
    return {
        "prediction_id": row["prediction_id"],
        "model_name": row["model_name"],
        "model_version": row["model_version"],
        "prediction": row["output"],
    }
