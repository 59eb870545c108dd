"""Write the templates of one environment: `python -m cdk.app [-c environment=prod]`.

The only reader of context. It runs with and without the CDK command line, which `cdk.json` makes
call it; both ways write the same files.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import App

from cdk.environments import environment_named
from cdk.errors import SynthesisError
from cdk.layers import ROOT
from cdk.platform import Platform

# For those who look at templates only: assets are hashed, and not copied.
TEMPLATES_ONLY = {"aws:cdk:disable-asset-staging": True}


def make_app(outdir: Path | None = None, context: Mapping[str, Any] | None = None) -> App:
    """Return the app with all stacks of one environment, not yet written.

    Parameters
    ----------
    outdir
        Where `synth` writes; the CDK command line's choice when None.
    context
        What to read instead of, or beside, the context in `cdk.json`.

    Raises
    ------
    SynthesisError
        The environment is unknown, a layer is not built, or a function is too large.
    """
    described = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(
        outdir=str(outdir) if outdir else None,
        analytics_reporting=False,
        context={**described, **(context or {})},
    )
    Platform(app, environment_named(app.node.try_get_context("environment")))
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write the templates."""
    parser = argparse.ArgumentParser(prog="python -m cdk.app", description=__doc__)
    parser.add_argument("-c", "--context", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--output", type=Path, default=None, help="folder (default: cdk.out)")
    options = parser.parse_args(arguments)
    given = dict(pair.split("=", 1) for pair in options.context)
    # The command line of CDK says where to write by this variable.
    default = None if "CDK_OUTDIR" in os.environ else ROOT / "cdk.out"
    try:
        make_app(options.output or default, given).synth()
    except SynthesisError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
