"""SelfMonitor's MLOps platform: the same library in Lambda, in training and on a laptop.

The names below are the public interface. They are resolved on first use, so that a function which
imports one small module of this package does not load the SDK with it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlops_platform.config.model_config import ModelConfig
    from mlops_platform.config.platform_config import MLOpsConfig
    from mlops_platform.sdk.batch_scoring import BatchScoring
    from mlops_platform.sdk.drift_detector import DriftDetector
    from mlops_platform.sdk.metrics_collector import MetricsCollector
    from mlops_platform.sdk.model_deployment import ModelDeploymentManager
    from mlops_platform.sdk.training_pipeline import TrainingPipeline

__all__ = [
    "BatchScoring",
    "DriftDetector",
    "MLOpsConfig",
    "MetricsCollector",
    "ModelConfig",
    "ModelDeploymentManager",
    "TrainingPipeline",
]

_HOMES = {
    "BatchScoring": "mlops_platform.sdk.batch_scoring",
    "DriftDetector": "mlops_platform.sdk.drift_detector",
    "MLOpsConfig": "mlops_platform.config.platform_config",
    "MetricsCollector": "mlops_platform.sdk.metrics_collector",
    "ModelConfig": "mlops_platform.config.model_config",
    "ModelDeploymentManager": "mlops_platform.sdk.model_deployment",
    "TrainingPipeline": "mlops_platform.sdk.training_pipeline",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
