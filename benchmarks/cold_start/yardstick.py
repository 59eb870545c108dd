"""Import NumPy and ONNX Runtime and load the graphs whose paths are given: what cannot be saved."""

import sys

import numpy as np
import onnxruntime

for path in sys.argv[1:]:
    onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
# NumPy came along for certain.
assert np.__version__  # noqa: S101 - keeps the import
