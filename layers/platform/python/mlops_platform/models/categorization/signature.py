"""What a caller sends to categorization, and what comes back."""

from typing import Final

from mlops_platform.bundle.signature import Field

REQUEST: Final = (
    Field(name="description", type="text", required=True, alias="descriptor"),
    Field(name="amount", type="number"),
    Field(name="user_id", type="identifier"),
    Field(name="merchant_id", type="identifier", alias="merchant"),
    Field(name="timestamp", type="timestamp"),
    Field(name="transaction_id", type="identifier"),
    Field(name="currency", type="text"),
    Field(name="channel", type="text"),
    Field(name="country", type="text"),
    Field(name="mcc", type="text"),
)
RESPONSE: Final = (
    Field(name="category", type="text"),
    Field(name="confidence", type="number"),
    Field(name="is_confident", type="boolean"),
    Field(name="threshold", type="number"),
)
# Columns of a transaction that the model takes as they are.
CONTEXT: Final = ("user_id", "merchant_id", "channel", "country", "mcc")
