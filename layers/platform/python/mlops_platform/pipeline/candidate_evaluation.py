"""State EvaluateCandidate: the quality gate reads what the training job measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import EvaluateCandidateSettings
from mlops_platform.config.models import model_named
from mlops_platform.decisions.decision import Decision, Verdict
from mlops_platform.decisions.quality_gate import decide_quality
from mlops_platform.pipeline.training_artifact import TrainingArtifact
from mlops_platform.pipeline.training_cause import training_cause
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.releases import Releases

_EVALUATION = "evaluation.json"


@dataclass(frozen=True, kw_only=True)
class CandidateEvaluation:
    """Asks the decision engine about one candidate.

    Parameters
    ----------
    s3
        boto3's client.
    ledger
        Keeps what was rejected, and why.
    """

    s3: Any
    ledger: Ledger

    @classmethod
    def from_settings(cls, settings: EvaluateCandidateSettings) -> Self:
        """Build from the function's settings."""
        return cls(
            s3=client("s3"),
            ledger=Ledger.of_tables(
                client("dynamodb"), settings.ledger_table, settings.routing_table
            ),
        )

    def evaluate(
        self,
        *,
        model_name: str,
        artifact_uri: str,
        champion: Mapping[str, Any] | None,
        auto_promote_threshold: float | None,
        execution_name: str,
    ) -> dict[str, Any]:
        """Decide whether the candidate may go on.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        artifact_uri
            The training job's ``model.tar.gz``.
        champion
            The champion that ``ValidateData`` found; None if there was none.
        auto_promote_threshold
            Smallest accuracy that this execution promotes without a person, in [0, 1]; the
            stricter of it and the model's own `accuracy_threshold` counts.
        execution_name
            The pipeline execution, under which a rejection stands in the ledger.

        Returns
        -------
        dict
            ``verdict``, ``summary``, ``checks``, ``metrics``, ``champion_metrics`` (on the same
            rows; null if there was none), ``artifact_uri``, ``model_name``,
            ``auto_promote_threshold`` (the one that counted) and ``gate``: ``auto``, or ``manual``
            where a person decides about Production.

        Raises
        ------
        TrainingArtifactError
            The archive is not what the training job's contract promises.
        """
        model = model_named(model_name)
        evaluation = TrainingArtifact(self.s3, artifact_uri).read_json(_EVALUATION)
        decision = decide_quality(model, evaluation, expects_champion=champion is not None)
        if decision.verdict is not Verdict.PASS:
            self._reject(model_name, decision, artifact_uri, execution_name)
        compared = champion is None or evaluation["champion"] is not None
        threshold = max(model.accuracy_threshold, auto_promote_threshold or 0.0)
        trusted = evaluation["metrics"]["accuracy"] >= threshold
        return {
            "model_name": model_name,
            "verdict": str(decision.verdict),
            "summary": decision.summary,
            "checks": [check.to_dict() for check in decision.checks],
            "auto_promote_threshold": threshold,
            "gate": "auto" if model.gate == "auto" and trusted and compared else "manual",
            "metrics": evaluation["metrics"],
            "champion_metrics": (evaluation["champion"] or {}).get("metrics"),
            "artifact_uri": artifact_uri,
        }

    def _reject(
        self, model_name: str, decision: Decision, artifact_uri: str, execution_name: str
    ) -> None:
        evidence = {
            "verdict": str(decision.verdict),
            "checks": [check.to_dict() for check in decision.checks],
            "artifact_uri": artifact_uri,
        }
        cause = training_cause(execution_name, decision.summary, evidence)
        Releases(self.ledger, model_name).reject(None, cause)
