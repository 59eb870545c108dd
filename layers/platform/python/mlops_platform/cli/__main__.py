"""``python -m mlops_platform.cli``: the same as `mlops`."""

from mlops_platform.cli import main

main()
