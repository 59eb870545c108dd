"""The `mlops` command: the platform for people, with `--json` for programs."""

from mlops_platform.cli.application import main

__all__ = ["main"]
