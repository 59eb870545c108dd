"""The one model that all servers get, in the forms that they take, and what it must answer."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """A trained model, written down.

    Parameters
    ----------
    booster
        XGBoost's own JSON.
    graph
        The same trees as ONNX: `rows`, float32 of shape (n, n_features), in; `probabilities`, of
        shape (n, 2), out.
    bundle
        Folder of the platform's bundle of that graph.
    rows
        Rows to ask about, of shape (n, n_features); every value is exact in few decimal digits.
    expected
        What XGBoost answers them, of shape (n,).
    """

    booster: Path
    graph: Path
    bundle: Path
    rows: NDArray[np.float64]
    expected: NDArray[np.float32]
