"""What a caller sends to fraud detection, and what comes back."""

from typing import Final

from mlops_platform.bundle.signature import Field

REQUEST: Final = (
    Field(name="amount", type="number", required=True, positive=True),
    Field(name="user_id", type="identifier"),
    Field(name="merchant_id", type="identifier", alias="merchant"),
    Field(name="timestamp", type="timestamp"),
    Field(name="transaction_id", type="identifier"),
    Field(name="currency", type="text"),
    Field(name="description", type="text"),
    Field(name="channel", type="text"),
    Field(name="country", type="text"),
    Field(name="mcc", type="text"),
)
RESPONSE: Final = (
    Field(name="fraud_probability", type="number"),
    Field(name="is_fraud", type="boolean"),
    Field(name="threshold", type="number"),
    Field(name="explanation", type="object"),
)
