"""Manifests of bundles, as small as the registry needs them."""

from typing import Any


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
