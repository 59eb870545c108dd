"""What a caller sends to SelfMate, and what comes back.

The caller knows its user: it sends the purchases and goals that an answer may rest on. Of a
conversation it sends the session that the last answer returned or, where sessions are kept, only
the conversation's name.
"""

from typing import Final

from mlops_platform.bundle.signature import Field

REQUEST: Final = (
    Field(name="text", type="text", required=True, alias="message"),
    Field(name="user_id", type="identifier"),
    Field(name="timestamp", type="timestamp"),
    Field(name="session", type="object"),
    Field(name="session_id", type="identifier"),
    Field(name="transactions", type="objects"),
    Field(name="goals", type="objects"),
    Field(name="currency", type="text"),
)
# The fields of one of ``transactions``, all in the request's one currency.
TRANSACTION: Final = (
    Field(name="timestamp", type="timestamp", required=True),
    Field(name="amount", type="number", required=True, positive=True),
    Field(name="merchant", type="text", alias="description"),
    Field(name="category", type="text"),
)
# The fields of one of ``goals``. A deadline lies ahead, where the type ``timestamp`` ends.
GOAL: Final = (
    Field(name="kind", type="text", required=True),
    Field(name="target_amount", type="number", required=True, positive=True),
    Field(name="saved_amount", type="number"),
    Field(name="deadline", type="text", required=True),
)
RESPONSE: Final = (
    Field(name="text", type="text"),
    Field(name="intent", type="text"),
    Field(name="confidence", type="number"),
    Field(name="oos_score", type="number"),
    Field(name="is_answered", type="boolean"),
    Field(name="figures", type="objects"),
    Field(name="session", type="object"),
)
