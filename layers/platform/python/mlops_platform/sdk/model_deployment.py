"""Release, roll back and look back, for people who write Python."""

import asyncio
import json
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from mlops_platform.aws.clients import client
from mlops_platform.config.models import model_named
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.errors import ReleaseFailedError
from mlops_platform.sdk.api_client import ApiClient
from mlops_platform.sdk.discovery import discover
from mlops_platform.sdk.executions import wait_for_execution

_DEPLOYED_BY_HAND = "deployed by hand"


class ModelDeploymentManager:
    """The releases of one environment.

    Parameters
    ----------
    config
        Which environment, and where. Deploying takes AWS credentials that may start the release
        workflow; rolling back takes an API key with the scopes `read` and `operate`.
    """

    def __init__(self, config: MLOpsConfig) -> None:
        self.config = config

    def start(self, model_name: str, version: str, *, reason: str = _DEPLOYED_BY_HAND) -> str:
        """Start the release of a registered version and return its execution's ARN.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        version
            Number (``3``) or semantic version (``1.0.2``); it replaces whatever serves.
        reason
            What the ledger says why.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        PlatformNotFoundError
            The environment is not deployed where the AWS variables point.
        """
        model = model_named(model_name)
        started = client("stepfunctions").start_execution(
            stateMachineArn=discover(self.config, "release_state_machine_arn"),
            name=f"{model.name}-{uuid.uuid4().hex}",
            input=json.dumps(
                {
                    "model_name": model.name,
                    "version": version,
                    "comparison": None,
                    "cause": reason,
                    "requested_by": client("sts").get_caller_identity()["Arn"],
                    "evidence": {},
                }
            ),
        )
        return str(started["executionArn"])

    async def deploy_to_production(
        self, model_name: str, version: str, *, reason: str = _DEPLOYED_BY_HAND
    ) -> dict[str, Any]:
        """Try a version, release it and see it in effect; if that fails, what served before does.

        Returns
        -------
        dict
            ``model_name``, ``version``, ``semantic_version`` and the routing's ``revision``.

        Raises
        ------
        ReleaseFailedError
            The release failed and was taken back; the message says in which state and why.
        """
        execution = await asyncio.to_thread(self.start, model_name, version, reason=reason)
        result = await asyncio.to_thread(wait_for_execution, execution)
        if result.status != "SUCCEEDED":
            raise ReleaseFailedError(
                f"The release of version {version} of {model_name} ended as {result.status}: "
                f"{result.error}: {result.cause}"
            )
        return dict(result.output["release"])

    async def rollback(
        self, model_name: str, *, reason: str, version: str | None = None
    ) -> dict[str, Any]:
        """Bring an earlier version back, by default the one that served before; see `roll_back`."""
        return await asyncio.to_thread(self.roll_back, model_name, reason=reason, version=version)

    def roll_back(
        self, model_name: str, *, reason: str, version: str | None = None
    ) -> dict[str, Any]:
        """Bring an earlier version back, unless another release comes in between.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        reason
            What the ledger says why.
        version
            Number or semantic version of one that served; None for the one that served before.

        Returns
        -------
        dict
            ``version``, ``semantic_version``, ``revision``, and ``stages``: ``followed``, or
            ``pending`` while MLflow is away.

        Raises
        ------
        ApiError
            There is no such version or none before it, or somebody else released meanwhile.
        """
        api = ApiClient(self.config)
        serving = api.call("GET", f"/models/{model_name}/releases")
        body = {"reason": reason, "version": version, "revision": serving["revision"]}
        return api.call("POST", f"/models/{model_name}/rollback", body)

    async def history(self, model_name: str, *, at: datetime | None = None) -> list[dict[str, Any]]:
        """Return the entries of a model's ledger, the newest first, until a moment or all."""
        answer = await asyncio.to_thread(self.releases, model_name, at=at)
        return list(answer["releases"])

    def releases(self, model_name: str, *, at: datetime | None = None) -> dict[str, Any]:
        """Return a model's ledger and what serves, or served at a moment that knows its zone.

        Returns
        -------
        dict
            ``production`` (semantic version), ``revision`` and ``releases``, the newest first.

        Raises
        ------
        ApiError
            There is no such model, or its ledger is not as it was written.
        """
        query = "" if at is None else f"?{urlencode({'at': at.isoformat()})}"
        return ApiClient(self.config).call("GET", f"/models/{model_name}/releases{query}")
