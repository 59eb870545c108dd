"""Print what each function unpacks to: `python -m cdk.sizes [ENVIRONMENT]`."""

import sys
import tempfile
from pathlib import Path

from cdk.app import TEMPLATES_ONLY, make_app
from cdk.constructs.package_size import LIMIT_BYTES
from cdk.constructs.python_function import PythonFunction

_MEBIBYTE = 1024 * 1024


def main(environment: str) -> None:
    """Print one line for each function, the largest first."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = make_app(
            Path(scratch), {"environment": environment, **TEMPLATES_ONLY}
        ).node.find_all()
        functions = [each for each in tree if isinstance(each, PythonFunction)]
    for each in sorted(functions, key=lambda function: -function.package_bytes):
        print(f"{each.package_bytes / _MEBIBYTE:7.1f} MB  {each.node.path}")  # noqa: T201
    print(f"{LIMIT_BYTES / _MEBIBYTE:7.1f} MB  is Lambda's limit")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev")
