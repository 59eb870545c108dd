"""Labelled texts from a user's own file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import read_table, require_columns
from mlops_platform.errors import DataValidationError


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with their intents, both of length n."""

    texts: list[str]
    labels: NDArray[np.str_]

    @classmethod
    def read(cls, path: Path, text: str, label: str) -> Self:
        """Read two columns of a Parquet or CSV file.

        Raises
        ------
        DataValidationError
            The file is of another kind, a column is missing, or a row lacks its text or label.
        """
        table = read_table(path)
        require_columns(table, path, (text, label), "--text and --label")
        empty = table[[text, label]].isna().any(axis=1)
        if empty.any():
            raise DataValidationError(
                f"{path}: {int(empty.sum())} rows lack a text or a label, the first is row "
                f"{int(np.flatnonzero(empty)[0]) + 1}. Fill them in or leave them out."
            )
        return cls(table[text].astype(str).tolist(), table[label].astype(str).to_numpy(dtype=str))

    def __len__(self) -> int:
        return len(self.texts)

    def where(self, chosen: NDArray[Any]) -> Self:
        """Return the texts that a mask chooses."""
        texts = [text for text, kept in zip(self.texts, chosen, strict=True) if kept]
        return type(self)(texts, self.labels[chosen])
