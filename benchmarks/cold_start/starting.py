"""CPU time of fresh interpreters."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.cold_start.cloud import FEATURE_TABLE, ROUTING_TABLE

_ROOT: Final = Path(__file__).parents[2]
_HERE: Final = Path(__file__).parent


def yardstick_seconds(bundle: Path, *, compiled: bool) -> float:
    """Return what importing NumPy and ONNX Runtime and loading a bundle's graphs takes."""
    graphs = sorted(map(str, bundle.glob("*.onnx")))
    return _cpu_seconds([str(_HERE / "yardstick.py"), *graphs], {}, "", compiled=compiled)


def first_answer_seconds(
    model_name: str, event: Mapping[str, Any], endpoint: str, *, compiled: bool
) -> float:
    """Return what the function's start and first answer take, the AWS clients included."""
    settings = {
        "AWS_ENDPOINT_URL": endpoint,
        "MODEL_NAME": model_name,
        "ROUTING_TABLE": ROUTING_TABLE,
        "FEATURE_TABLE": FEATURE_TABLE,
        # The server answers on the same cores, and must not be given up on.
        "LOOKUP_DEADLINE_SECONDS": "30",
    }
    script = [str(_HERE / "first_answer.py"), str(_ROOT / "functions/predict/handler.py")]
    return _cpu_seconds(script, settings, json.dumps(event), compiled=compiled)


def _cpu_seconds(
    script: Sequence[str], settings: Mapping[str, str], given: str, *, compiled: bool
) -> float:
    """Run a script in a fresh interpreter; return user and system seconds of its process alone.

    Raises
    ------
    RuntimeError
        It failed.
    """
    with tempfile.TemporaryFile("w+") as stdin, tempfile.TemporaryFile("w+") as output:
        stdin.write(given)
        stdin.seek(0)
        with tempfile.TemporaryDirectory(prefix="no-pyc-") as empty:
            bytecode = {} if compiled else {"PYTHONPYCACHEPREFIX": empty}
            process = subprocess.Popen(
                [sys.executable, *script],
                env={**_environment(), **settings, **bytecode},
                stdin=stdin,
                stdout=output,
                stderr=output,
            )
            _, status, usage = os.wait4(process.pid, 0)
        # Popen must know that somebody else has waited.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{script[0]} failed:\n{output.read()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def _environment() -> dict[str, str]:
    """Return what an execution environment has: credentials, a region, and one layer's path."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYTHONPATH": str(_ROOT / "layers/platform/python"),
    }
