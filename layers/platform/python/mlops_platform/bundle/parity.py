"""The exported graph must answer as the model that it came from."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.errors import ParityError

# ONNX Runtime and the libraries add up float32 trees in other orders; XGBoost's graphs differ by
# less than 1e-6. Ten times that is a wrong export, not rounding.
TOLERANCE: Final = 1e-5


def check_parity(source: NDArray[np.float32], exported: NDArray[np.float32]) -> float:
    """Return the largest absolute difference between two score vectors of shape (n,).

    Raises
    ------
    ParityError
        It is above `TOLERANCE`, or one side is not finite.
    """
    difference = float(np.max(np.abs(source.astype(np.float64) - exported.astype(np.float64))))
    if not difference <= TOLERANCE:
        raise ParityError(
            f"The ONNX graph differs from its source model by up to {difference:.2e}; "
            f"{TOLERANCE:.0e} is allowed. Do not release it: check the converter's version, the "
            "features' order and the handling of NaN."
        )
    return difference
