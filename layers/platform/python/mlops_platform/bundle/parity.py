"""The exported graph must answer as the model that it came from."""

import numpy as np
from numpy.typing import NDArray

from mlops_platform.config.limits import PARITY_TOLERANCE
from mlops_platform.errors import ParityError


def check_parity(source: NDArray[np.float32], exported: NDArray[np.float32]) -> float:
    """Return the largest absolute difference between two score vectors of shape (n,).

    Raises
    ------
    ParityError
        It is above `PARITY_TOLERANCE`, or one side is not finite.
    """
    difference = float(np.max(np.abs(source.astype(np.float64) - exported.astype(np.float64))))
    if not difference <= PARITY_TOLERANCE:
        raise ParityError(
            f"The ONNX graph differs from its source model by up to {difference:.2e}; "
            f"{PARITY_TOLERANCE:.0e} is allowed. Do not release it: check the converter's version, "
            "the features' order and the handling of NaN."
        )
    return difference
