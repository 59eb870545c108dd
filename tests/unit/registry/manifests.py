"""Manifests of bundles, as small as the registry needs them."""

from typing import Any

from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.transition import Cause


def manifest(**changes: Any) -> dict[str, Any]:
    return {
        "signature": {
            "request": [{"name": "amount", "type": "number", "required": True}],
            "response": [{"name": "is_fraud", "type": "boolean"}],
        },
        "features": {"version": 1, "names": ["amount", "hour"]},
        "algorithm": "xgboost",
        "lineage": {"run_id": ""},
        **changes,
    }


def bundle(number: int, **changes: Any) -> dict[str, Any]:
    """Return the arguments that register the bundle with this number."""
    sha256 = f"{number:064x}"
    return {
        "bundle_uri": f"s3://bundles/fraud_detection/{sha256[:16]}/",
        "bundle_sha256": sha256,
        "manifest": manifest(**changes),
        "training_execution": f"execution-{number}",
        "measurements": {"metrics": {"accuracy": 0.99}},
    }


def registered(number: int) -> RegisteredVersion:
    """Return the version with this number as the ledger knows it."""
    return RegisteredVersion(
        version=str(number),
        semantic_version=f"1.0.{number - 1}",
        bundle_uri=bundle(number)["bundle_uri"],
        bundle_sha256=bundle(number)["bundle_sha256"],
    )


def asked(operation: str, why: str = "a test") -> Cause:
    """Return the cause of what a person asks for."""
    return Cause(operation=operation, who="ada", why=why, evidence={"accuracy": 0.99})
