"""A model, its versions and its releases as people and programs see them over HTTP."""

from collections.abc import Sequence
from typing import Any

from mlops_platform.config.model_config import ModelConfig
from mlops_platform.registry.ledger_entry import LedgerEntry, routing_after
from mlops_platform.registry.model_version import ModelVersion, stage_of
from mlops_platform.registry.routing_table import champion_of
from mlops_platform.serving.routing import Routing

# What of a long ledger fits an answer.
_LISTED = 500


def model_view(
    model: ModelConfig, versions: Sequence[ModelVersion], head: LedgerEntry | None
) -> dict[str, Any]:
    """Return a model as JSON's own types.

    Stages follow the ledger rather than MLflow's tags, so that a release which died half-way is
    shown as what it is.

    Parameters
    ----------
    model
        The catalogue's entry.
    versions
        Its versions in the order of their registration.
    head
        The newest entry of its ledger; None if there is none.
    """
    routing = routing_after(head)
    staging = None if head is None else head.staging
    production = None if routing is None else champion_of(routing).version
    numbers = {version.version: str(version.semantic_version) for version in versions}
    return {
        "name": model.name,
        "model_type": model.model_type,
        "primary_metric": model.primary_metric,
        "production": None if routing is None else champion_of(routing).semantic_version,
        "staging": numbers.get(staging or ""),
        "revision": None if routing is None else routing.revision,
        "versions": [
            _version_view(version, str(stage_of(version, staging=staging, production=production)))
            for version in versions
        ],
    }


def releases_view(
    model_name: str, entries: Sequence[LedgerEntry], production: Routing | None
) -> dict[str, Any]:
    """Return the end of a ledger as JSON's own types, the newest entry first.

    Parameters
    ----------
    model_name, entries
        Whose ledger it is, and what it holds, the oldest entry first.
    production
        What served after them; None if nothing did.
    """
    listed = [{**entry.to_dict(), "hash": entry.hash} for entry in entries[-_LISTED:]]
    return {
        "model_name": model_name,
        "production": None if production is None else champion_of(production).semantic_version,
        "revision": None if production is None else production.revision,
        "releases": listed[::-1],
    }


def _version_view(version: ModelVersion, stage: str) -> dict[str, Any]:
    return {
        "version": version.version,
        "semantic_version": str(version.semantic_version),
        "stage": stage,
        "algorithm": version.interface.algorithm,
        "metrics": dict(version.measurements.get("metrics", {})),
        "contract": dict(version.measurements.get("contract", {})),
        "bundle_uri": version.bundle_uri,
        "bundle_sha256": version.bundle_sha256,
        "run_id": version.run_id,
        "training_execution": version.training_execution,
        "created_at": version.created_at.isoformat(),
    }
