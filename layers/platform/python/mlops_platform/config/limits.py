"""Limits that training keeps and the quality gate checks again."""

from typing import Final

# ONNX Runtime and the libraries add up float32 trees in other orders; XGBoost's graphs differ by
# less than 1e-6. Ten times that is a wrong export, not rounding.
PARITY_TOLERANCE: Final = 1e-5
