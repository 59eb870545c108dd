"""Our container host: with the benchmark's model, and with fraud detection."""

import os
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.handler.requests import fraud_requests
from benchmarks.serving.contestant import Contestant
from benchmarks.serving.in_memory_host import load
from benchmarks.serving.model_files import ModelFiles
from benchmarks.serving.server import Server
from benchmarks.serving.tabular.signature import FEATURE_NAMES, MODEL_NAME
from local_cloud.workloads.ports import free_port
from mlops_platform.serving.feature_items import decode_states

OURS: Final = "ours"
FRAUD: Final = "ours, fraud"
_FRAUD_MODEL: Final = "fraud_detection"
_N_TRANSACTIONS: Final = 256


def our_host(model: ModelFiles) -> Contestant:
    """Describe the host on the benchmark's model."""
    return Contestant.of(
        Server(
            name=OURS,
            **_served(MODEL_NAME, model.bundle),
            body=lambda row: {"features": dict(zip(FEATURE_NAMES, row, strict=True))},
            probability=lambda answer: answer["prediction"]["probability"],
        ),
        model.rows.tolist(),
        model.expected.tolist(),
    )


def our_fraud_detection(job: Path, seed: int) -> Contestant:
    """Describe the host on a trained fraud model: features made of states, answers with reasons.

    Parameters
    ----------
    job
        A training job's folder, with ``model/bundle`` and ``model/feature_state.jsonl.gz``.
    seed
        Decides which of the snapshot's people pay at which of its merchants.
    """
    bundle, snapshot = job / "model/bundle", job / "model/feature_state.jsonl.gz"
    requests, states = fraud_requests(job, _N_TRANSACTIONS, seed)
    rows = list(requests)
    answers = load(_FRAUD_MODEL, bundle).predict_batch(rows, decode_states(states))
    return Contestant.of(
        Server(
            name=FRAUD,
            **_served(_FRAUD_MODEL, bundle, snapshot),
            body=lambda row: {"features": row},
            probability=lambda answer: answer["prediction"]["fraud_probability"],
        ),
        rows,
        [answer["fraud_probability"] for answer in answers],
    )


def _served(model_name: str, *files: Path) -> dict[str, Any]:
    """Return what starts the host, and where it answers."""
    bundle, *more = (file.absolute() for file in files)
    port = free_port()
    program = [sys.executable, "-m", "benchmarks.serving.in_memory_host"]
    return {
        "command": [*program, model_name, bundle, str(port), *more],
        "environment": os.environ,
        "folder": Path.cwd(),
        "port": port,
        "path": f"/ml/{model_name}/predict",
    }
