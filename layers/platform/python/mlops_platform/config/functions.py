"""What each function needs to know, a dataclass apiece; its construct and its handler share it.

That of `predict` stands in `predict_settings`.
"""

from dataclasses import dataclass

from mlops_platform.config.predict_settings import PredictSettings
from mlops_platform.config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class AuthorizeRequestSettings(Settings):
    """`authorize_request`: who may call which route."""

    api_key_table: str


@dataclass(frozen=True, kw_only=True)
class AnswerApiSettings(Settings):
    """`answer_api`: every route that is not a prediction."""

    tracking_uri: str
    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class ValidateDataSettings(Settings):
    """`validate_data`: the first state of a training pipeline.

    Parameters
    ----------
    encoder_weights
        Where models that need an encoder find its weights.
    """

    data_bucket: str
    routing_table: str
    encoder_weights: str


@dataclass(frozen=True, kw_only=True)
class EvaluateCandidateSettings(Settings):
    """`evaluate_candidate`: the quality gate."""

    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class RegisterModelSettings(Settings):
    """`register_model`: from a training artifact to a version in the registry."""

    tracking_uri: str
    bundle_bucket: str
    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class MaterializeFeaturesSettings(Settings):
    """`materialize_features`: the offline feature state goes online."""

    feature_table: str


@dataclass(frozen=True, kw_only=True)
class PrepareReleaseSettings(Settings):
    """`prepare_release`: which version is to replace what."""

    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class ReleaseModelSettings(Settings):
    """`release_model`: a registered version becomes what serves."""

    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class RollBackReleaseSettings(Settings):
    """`roll_back_release`: a release that went wrong is taken back."""

    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class FollowStagesSettings(Settings):
    """`follow_stages`: routing and MLflow's stages agree with the ledger."""

    tracking_uri: str
    ledger_table: str
    routing_table: str


@dataclass(frozen=True, kw_only=True)
class PlanBatchSettings(Settings):
    """`plan_batch`: what below a prefix is to be scored."""

    data_bucket: str


@dataclass(frozen=True, kw_only=True)
class ScoreObjectSettings(Settings):
    """`score_object`: the rows of one object, scored by any model."""

    routing_table: str
    feature_table: str
    # Nobody waits for a single row here, so the network may take its time.
    lookup_deadline_seconds: float = 10.0

    def predicting(self, model_name: str) -> PredictSettings:
        """Return the settings of one model's predictor."""
        return PredictSettings(
            model_name=model_name,
            routing_table=self.routing_table,
            feature_table=self.feature_table,
            routing_deadline_seconds=self.lookup_deadline_seconds,
            lookup_deadline_seconds=self.lookup_deadline_seconds,
        )


@dataclass(frozen=True, kw_only=True)
class UpdateFeaturesSettings(Settings):
    """`update_features`: served transactions become features of the next ones."""

    feature_table: str


@dataclass(frozen=True, kw_only=True)
class IngestPredictionsSettings(Settings):
    """`ingest_predictions`: prediction records become profiles."""

    monitoring_table: str
    monitoring_bucket: str
    bundle_bucket: str


@dataclass(frozen=True, kw_only=True)
class JoinFeedbackSettings(Settings):
    """`join_feedback`: late labels become part of the profiles."""

    monitoring_table: str
    monitoring_bucket: str
    bundle_bucket: str


@dataclass(frozen=True, kw_only=True)
class CompactProfilesSettings(Settings):
    """`compact_profiles`: many small profiles become few."""

    monitoring_table: str
    monitoring_bucket: str


@dataclass(frozen=True, kw_only=True)
class DetectDriftSettings(Settings):
    """`detect_drift`: whole days of production are compared with training."""

    monitoring_table: str
    monitoring_bucket: str
    bundle_bucket: str
    routing_table: str
    event_bus: str


@dataclass(frozen=True, kw_only=True)
class StartRetrainingSettings(Settings):
    """`start_retraining`: a model that drifted is trained again."""

    monitoring_table: str
    monitoring_bucket: str


@dataclass(frozen=True, kw_only=True)
class AnswerMonitoringSettings(Settings):
    """`answer_monitoring`: the API's routes about what models do in production."""

    monitoring_table: str
    monitoring_bucket: str
    feedback_queue_url: str


@dataclass(frozen=True, kw_only=True)
class SendAlertSettings(Settings):
    """`send_alert`: what happened to a model, told to people."""

    environment: str
    monitoring_table: str
    alert_channels_arn: str
