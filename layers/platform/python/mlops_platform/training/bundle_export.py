"""From a drafted bundle to a folder, and to what the quality gate asks about it."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from mlops_platform.bundle.manifest import MODEL
from mlops_platform.bundle.reader import Bundle
from mlops_platform.bundle.writer import write_bundle
from mlops_platform.profiles.reference import ReferenceProfile
from mlops_platform.training.latency import latency_ms_p95

_BYTES_PER_MB: Final = 1_000_000
Request = Mapping[str, Any]
# What a bundle was seen to answer: requests, the states they met, the answers.
Examples = Sequence[Mapping[str, Any]]


class Drafted(Protocol):
    """A bundle that answers before it is written: its manifest lacks the files and the parity."""

    @property
    def bundle(self) -> Bundle:
        """The model and further files, with the manifest."""
        ...

    def predict_batch(
        self, rows: Sequence[Request], states: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer valid rows in their order."""
        ...


def stateless_examples(draft: Drafted, requests: Sequence[Request]) -> Examples:
    """Return requests that meet no state as golden examples; they are asked in one batch."""
    return [
        {"request": request, "states": {}, "expected": answer}
        for request, answer in zip(requests, draft.predict_batch(requests, {}), strict=True)
    ]


def write_drafted_bundle(
    folder: Path,
    draft: Drafted,
    *,
    golden: Examples,
    reference: ReferenceProfile,
    max_abs_diff: float,
    n_parity_rows: int,
    timed: Request,
) -> dict[str, float]:
    """Write a bundle into a new folder; return the ``contract`` of `evaluation.json`.

    Parameters
    ----------
    folder
        Where to.
    draft
        The bundle.
    golden, reference
        What it answers, and what production will be compared with.
    max_abs_diff, n_parity_rows
        By how much its graph differs from its source, and on how many rows.
    timed
        The request whose answer, from its features on, is timed.
    """
    parity = {"max_abs_diff": max_abs_diff, "n_rows": n_parity_rows}
    drafted = dataclasses.replace(draft.bundle.manifest, parity=parity)
    assets = dict(draft.bundle.contents)
    write_bundle(
        folder,
        model=assets.pop(MODEL),
        golden=golden,
        reference_profile=reference.to_bytes(),
        assets=assets,
        describe=lambda files: dataclasses.replace(drafted, files=files),
    )
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "parity_max_abs_diff": max_abs_diff,
        "parity_rows": n_parity_rows,
        "latency_ms_p95": latency_ms_p95(lambda: draft.predict_batch([timed], {})),
        "package_mb": size / _BYTES_PER_MB,
    }
