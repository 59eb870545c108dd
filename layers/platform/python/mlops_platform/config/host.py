"""What a container host needs to know; its manifest and its program share it."""

from dataclasses import dataclass

from mlops_platform.config.predict_settings import PredictSettings


@dataclass(frozen=True, kw_only=True)
class HostSettings(PredictSettings):
    """`mlops_platform.host`: one model served from pods."""

    port: int
    # `rediss://host:port`, where conversations are kept between turns.
    session_store_url: str
    # A conversation that nobody goes on with is forgotten.
    session_seconds: int = 1800
