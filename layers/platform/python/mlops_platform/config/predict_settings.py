"""Settings of `predict` alone: what answers people starts without the other functions' classes."""

from dataclasses import dataclass

from mlops_platform.config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class PredictSettings(Settings):
    """`predict`: one model in service."""

    model_name: str
    routing_table: str
    feature_table: str
    # Rollback must be in effect within 10 s; 5 s leaves room for the refresh itself.
    routing_max_age_seconds: float = 5.0
    routing_deadline_seconds: float = 0.5
    # How long the last good routing may serve when the table cannot be read.
    routing_stale_seconds: float = 900.0
    lookup_deadline_seconds: float = 0.5
