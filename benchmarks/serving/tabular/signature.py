"""What a caller sends to the benchmark's model, and what comes back."""

from typing import Final

from mlops_platform.bundle.signature import Field

MODEL_NAME: Final = "tabular"
FEATURE_NAMES: Final = tuple(f"feature_{number:02d}" for number in range(30))
FEATURE_VERSION: Final = 1
REQUEST: Final = tuple(Field(name=name, type="number", required=True) for name in FEATURE_NAMES)
RESPONSE: Final = (Field(name="probability", type="number"),)
