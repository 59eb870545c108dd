"""Hold the stacks against AWS Solutions' rules: `python -m cdk.nag [ENVIRONMENT…]`.

Exits with 1 when a finding is not acknowledged, or an acknowledgement covers no finding.
"""

import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cdk_nag
from aws_cdk import App

from cdk.acknowledgements import ACKNOWLEDGEMENTS, Acknowledgement
from cdk.app import TEMPLATES_ONLY, make_app
from cdk.environments import ENVIRONMENTS


@dataclass(frozen=True)
class Finding:
    """One construct that breaks one rule."""

    rule: str
    construct: str
    description: str

    @property
    def acknowledgement(self) -> Acknowledgement | None:
        """The first acknowledgement that covers it."""
        covering = (each for each in ACKNOWLEDGEMENTS if each.covers(self.rule, self.construct))
        return next(covering, None)


def check(app: App) -> list[Finding]:
    """Return every finding in a synthesised app, accepted or not."""
    report = cdk_nag.AwsSolutionsChecks().validate_scope(app)
    return [
        Finding(violation.rule_name, resource.construct_path or "", violation.description)
        for violation in report.violations
        for resource in violation.violating_resources or ()
    ]


def problems(findings: Iterable[Finding]) -> list[str]:
    """Return one line for each finding that is not acknowledged, and each idle acknowledgement."""
    listed = list(findings)
    used = {finding.acknowledgement for finding in listed}
    return [
        f"{finding.construct}: {finding.rule}: {finding.description}"
        for finding in listed
        if finding.acknowledgement is None
    ] + [
        f"cdk/acknowledgements.py: {idle.rule} on {idle.construct} covers no finding; remove it."
        for idle in ACKNOWLEDGEMENTS
        if idle not in used
    ]


def main(environments: Sequence[str]) -> int:
    """Check the environments; print what is wrong; return the exit code."""
    findings = []
    for name in environments:
        with tempfile.TemporaryDirectory() as directory:
            app = make_app(Path(directory), {"environment": name, **TEMPLATES_ONLY})
            # Policies are complete only when the templates have been written.
            app.synth()
            findings += check(app)
    wrong = problems(findings)
    counted = f"{len(findings)} findings, all acknowledged" if not wrong else f"{len(wrong)} wrong"
    print("\n".join([*wrong, f"cdk-nag, {', '.join(environments)}: {counted}"]))  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [environment.name for environment in ENVIRONMENTS]))
