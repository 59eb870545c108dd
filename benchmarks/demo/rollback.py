"""Back to the version before, and forward again, while requests keep coming."""

import asyncio
import time
from dataclasses import asdict, dataclass
from typing import Any, Final

from benchmarks.demo.steady_load import REQUESTS_PER_SECOND, SteadyLoad
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.model_deployment import ModelDeploymentManager

_TIMEOUT_SECONDS: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class RollbackTiming:
    """What a rollback under load looked like from outside.

    Parameters
    ----------
    back_to, forward_to
        Semantic versions.
    seconds_to_effect
        From the call to the last answer of the version that was rolled back.
    requests_per_second, requests, failed_requests
        The load over both changes of version.
    """

    back_to: str
    forward_to: str
    seconds_to_effect: float
    requests_per_second: int
    requests: int
    failed_requests: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON's own types."""
        return asdict(self)


def roll_back_and_forward(config: MLOpsConfig, model_name: str) -> RollbackTiming:
    """Roll a model back by one call, then release again what had served.

    Raises
    ------
    RuntimeError
        A version did not take effect in time.
    PlatformError
        There is nothing to roll back to, or the release failed.
    """
    manager = ModelDeploymentManager(config)
    newest = str(manager.releases(model_name)["production"])
    with SteadyLoad(config, model_name) as load:
        load.wait_for(newest, _TIMEOUT_SECONDS)
        called = time.monotonic()
        answer = manager.roll_back(model_name, reason="the demo shows a rollback")
        previous = str(answer["semantic_version"])
        load.wait_for(previous, _TIMEOUT_SECONDS)
        last = load.last_answer_of_another(previous, since=called)
        asyncio.run(
            manager.deploy_to_production(model_name, newest, reason="the demo goes on again")
        )
        load.wait_for(newest, _TIMEOUT_SECONDS)
    return RollbackTiming(
        back_to=previous,
        forward_to=newest,
        seconds_to_effect=round(max(0.0, last - called), 3),
        requests_per_second=REQUESTS_PER_SECOND,
        requests=len(load.answers),
        failed_requests=load.n_failed,
    )
