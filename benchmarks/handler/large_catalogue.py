"""A recommendation bundle of many items: its weights are random, for they take as long as others.

Factors of rank 64 stand for a catalogue that large; a full matrix of 10,000 items holds 400 MB.
"""

import dataclasses
from pathlib import Path
from typing import Final

import numpy as np

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.bundle.writer import write_bundle
from mlops_platform.models.recommendation.catalogue import Catalogue
from mlops_platform.models.recommendation.export import to_onnx
from mlops_platform.models.recommendation.history import Recency
from mlops_platform.models.recommendation.inference import CATALOGUE
from mlops_platform.models.recommendation.linear_form import LinearForm
from mlops_platform.models.recommendation.signature import COLUMNS, MAX_LIST_LENGTH

_N_FACTORS: Final = 64
_VALUES: Final = ("a", "b", "c", "d", "e")


def item_id(number: int) -> str:
    """Return an item's id."""
    return f"item-{number}"


def write_large_bundle(folder: Path, template: Path, n_items: int) -> None:
    """Write a bundle of `n_items` into a new folder, in all else like the one in `template`."""
    draw = np.random.default_rng(0)
    catalogue = Catalogue(
        tuple(map(item_id, range(n_items))),
        tuple(f"Product {number}" for number in range(n_items)),
        dict.fromkeys(COLUMNS, _VALUES),
    )
    form = LinearForm(
        left=draw.normal(size=(n_items, _N_FACTORS)).astype(np.float32),
        right=draw.normal(size=(_N_FACTORS, n_items)).astype(np.float32),
        by_column=draw.normal(size=(catalogue.n_values, n_items)).astype(np.float32),
        bias=draw.normal(size=n_items).astype(np.float32),
        recency=Recency(0.5),
    )
    source = open_bundle(template)
    write_bundle(
        folder,
        model=to_onnx(form, MAX_LIST_LENGTH, len(COLUMNS)),
        golden=[],
        reference_profile=source.reference_profile,
        assets={CATALOGUE: catalogue.to_bytes(form.recency)},
        describe=lambda files: dataclasses.replace(source.manifest, files=files),
    )
