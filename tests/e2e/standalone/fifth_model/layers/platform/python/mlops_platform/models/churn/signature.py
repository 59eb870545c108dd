"""What a caller sends to churn, and what comes back."""

from typing import Final

from mlops_platform.bundle.signature import Field

REQUEST: Final = (
    Field(name="days_since_last", type="number", required=True),
    Field(name="n_30d", type="number", required=True),
    Field(name="n_90d", type="number", required=True),
    Field(name="user_id", type="identifier"),
    Field(name="timestamp", type="timestamp"),
)
RESPONSE: Final = (
    Field(name="churn_probability", type="number"),
    Field(name="has_left", type="boolean"),
    Field(name="threshold", type="number"),
)
