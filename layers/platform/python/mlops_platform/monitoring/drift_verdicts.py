"""The verdicts on drift, one for each model and day."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mlops_platform.decisions.decision import Verdict
from mlops_platform.monitoring.monitoring_table import MonitoringTable, key, text


@dataclass(frozen=True)
class DriftVerdicts:
    """Reads and writes verdicts; they are kept for good."""

    table: MonitoringTable

    def store(self, model_name: str, day: date, verdict: Mapping[str, Any]) -> bool:
        """Store the verdict on a day in the place of an earlier one on the same day.

        What came late refines a verdict, so a later one counts; but one that could not decide
        replaces none that could. Then the answer is False.

        Parameters
        ----------
        model_name, day
            What was judged.
        verdict
            JSON's own types; ``verdict`` is one of `Verdict`.
        """
        put: dict[str, Any] = {
            "Item": {
                **key(_partition(model_name), day.isoformat()),
                "verdict": {"S": verdict["verdict"]},
                "document": {"S": json.dumps(verdict, sort_keys=True)},
            }
        }
        if verdict["verdict"] == Verdict.INCONCLUSIVE:
            put["ConditionExpression"] = "attribute_not_exists(place) OR verdict = :undecided"
            put["ExpressionAttributeValues"] = {":undecided": {"S": str(Verdict.INCONCLUSIVE)}}
        return self.table.write([{"Put": put}])

    def since(
        self, model_name: str, first: date, at_most: int | None = None
    ) -> list[dict[str, Any]]:
        """Return the verdicts from a day on, the newest first.

        Parameters
        ----------
        model_name, first
            Whose, and the first day.
        at_most
            How many of the newest; all by default.
        """
        backwards: dict[str, Any] = {"ScanIndexForward": False}
        if at_most is not None:
            backwards["Limit"] = at_most
        items = self.table.query(_partition(model_name), first.isoformat(), **backwards)
        newest = itertools.islice(items, at_most)
        return [json.loads(text(item, "document")) for item in newest]


def _partition(model_name: str) -> str:
    return f"drift#{model_name}"
