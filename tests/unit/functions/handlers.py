"""Handlers, imported as Lambda does it: from a folder that holds nothing else."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FUNCTIONS = Path(__file__).parents[3] / "functions"


def load_handler(function: str) -> ModuleType:
    """Return a fresh module of one function's ``handler.py``."""
    name = f"{function}_handler"
    spec = importlib.util.spec_from_file_location(name, FUNCTIONS / function / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
