"""Hold the templates against CloudFormation's own schemas: `python -m cdk.lint [ENVIRONMENT…]`.

Runs cdk-nag on the way, because the templates have to be made for both. Without arguments it
takes dev and prod: staging has dev's resources in prod's sizes.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cdk.app import TEMPLATES_ONLY, make_app
from cdk.nag import check, problems

_IGNORED = (
    # CDK names a dependency that a reference already makes.
    "W3005",
    # The zones are named so that a synthesis looks nothing up; environments.py says where.
    "W3010",
)


def main(environments: Sequence[str]) -> int:
    """Check the environments' templates and constructs; print what is wrong; return the code."""
    with tempfile.TemporaryDirectory() as scratch:
        findings = []
        for name in environments:
            app = make_app(Path(scratch, name), {"environment": name, **TEMPLATES_ONLY})
            app.synth()
            findings += check(app)
        wrong = problems(findings)
        lint = _lint_templates(sorted(Path(scratch).glob("*/*.template.json")))
    print("\n".join([*wrong, f"cdk-nag: {len(findings)} findings, {len(wrong)} not acknowledged"]))  # noqa: T201
    return 1 if wrong or lint else 0


def _lint_templates(templates: Sequence[Path]) -> int:
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--ignore-checks", *_IGNORED, "--", *map(str, templates)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["dev", "prod"]))
