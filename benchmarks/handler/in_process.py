"""The predict function in this process, with memory in the place of the network."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.memory_service import service_in_memory
from mlops_platform.serving.inference import Inference

_HANDLER: Final = Path(__file__).parents[2] / "functions/predict/handler.py"


def predict_module(
    model_name: str, inference: Inference, states: Mapping[str, bytes]
) -> ModuleType:
    """Return the function's own module, serving one loaded bundle.

    Parameters
    ----------
    model_name, inference
        What serves all traffic.
    states
        Packed states by entity: the feature table's answers.
    """
    service = service_in_memory(model_name, inference, states)
    module = load_handler()
    module.service = lambda: service  # type: ignore[attr-defined]
    return module


def load_handler() -> ModuleType:
    """Return a fresh module of ``functions/predict/handler.py``.

    Raises
    ------
    ImportError
        It cannot be loaded.
    """
    spec = importlib.util.spec_from_file_location("predict_handler", _HANDLER)
    if spec is None or spec.loader is None:
        raise ImportError(f"{_HANDLER} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def http_event(model_name: str, body: str) -> dict[str, Any]:
    """Return a request to predict as API Gateway sends it, payload 2.0."""
    path = f"/ml/{model_name}/predict"
    return {
        "version": "2.0",
        "routeKey": "POST /ml/{model}/predict",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "content-length": str(len(body)),
            "content-type": "application/json",
            "host": "api.example.com",
            "user-agent": "benchmark",
            "x-forwarded-for": "192.0.2.1",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1"},
            "requestId": "id",
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": False,
    }
