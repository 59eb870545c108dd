"""The tables that models are trained from: what each column holds and must satisfy."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mlops_platform.errors import DataValidationError


class Kind(StrEnum):
    """What a column's values are."""

    IDENTIFIER = "identifier"
    """Text or whole numbers; read as text."""
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    """A moment in UTC; without a time zone it counts as UTC."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Parameters
    ----------
    name, kind
        What it is called and holds.
    required
        The file must have it.
    nullable
        A row may leave it empty.
    unique
        No value stands twice, in any file of the table.
    positive
        Numbers must be greater than 0.
    past
        Moments must lie between 1970 and now.
    """

    name: str
    kind: Kind
    required: bool = True
    nullable: bool = False
    unique: bool = False
    positive: bool = False
    past: bool = False


@dataclass(frozen=True)
class TableSchema:
    """One table: its name and its columns; further columns are allowed and kept."""

    name: str
    columns: tuple[Column, ...]


TRANSACTIONS: Final = TableSchema(
    "transactions",
    (
        Column(name="transaction_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="user_id", kind=Kind.IDENTIFIER),
        Column(name="merchant_id", kind=Kind.IDENTIFIER),
        Column(name="timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="amount", kind=Kind.NUMBER, positive=True),
        Column(name="currency", kind=Kind.TEXT),
        Column(name="description", kind=Kind.TEXT, nullable=True),
        Column(name="channel", kind=Kind.TEXT, required=False, nullable=True),
        Column(name="country", kind=Kind.TEXT, required=False, nullable=True),
        Column(name="mcc", kind=Kind.TEXT, required=False, nullable=True),
    ),
)
FRAUD_LABELS: Final = TableSchema(
    "fraud_labels",
    (
        Column(name="transaction_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="is_fraud", kind=Kind.BOOLEAN),
        Column(name="label_timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="scenario", kind=Kind.TEXT, required=False, nullable=True),
    ),
)
CATEGORY_LABELS: Final = TableSchema(
    "category_labels",
    (
        Column(name="transaction_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="category", kind=Kind.TEXT),
        Column(name="label_timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="source", kind=Kind.TEXT, required=False, nullable=True),
    ),
)
USERS: Final = TableSchema(
    "users",
    (
        Column(name="user_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="signup_timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="age_band", kind=Kind.TEXT, required=False, nullable=True),
        Column(name="region", kind=Kind.TEXT, required=False, nullable=True),
        Column(name="income_band", kind=Kind.TEXT, required=False, nullable=True),
    ),
)
GOALS: Final = TableSchema(
    "goals",
    (
        Column(name="goal_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="user_id", kind=Kind.IDENTIFIER),
        Column(name="kind", kind=Kind.TEXT),
        Column(name="target_amount", kind=Kind.NUMBER, positive=True),
        Column(name="deadline", kind=Kind.TIMESTAMP),
        Column(name="created", kind=Kind.TIMESTAMP, past=True),
        Column(name="saved_amount", kind=Kind.NUMBER, required=False, nullable=True),
    ),
)
ITEMS: Final = TableSchema(
    "items",
    (
        Column(name="item_id", kind=Kind.IDENTIFIER, unique=True),
        Column(name="kind", kind=Kind.TEXT),
        Column(name="title", kind=Kind.TEXT),
    ),
)
INTERACTIONS: Final = TableSchema(
    "interactions",
    (
        Column(name="user_id", kind=Kind.IDENTIFIER),
        Column(name="item_id", kind=Kind.IDENTIFIER),
        Column(name="timestamp", kind=Kind.TIMESTAMP, past=True),
        Column(name="rating", kind=Kind.NUMBER, required=False, nullable=True),
        Column(name="kind", kind=Kind.TEXT, required=False, nullable=True),
    ),
)
UTTERANCES: Final = TableSchema(
    "utterances",
    (
        Column(name="text", kind=Kind.TEXT),
        Column(name="intent", kind=Kind.TEXT),
        Column(name="split", kind=Kind.TEXT),
        # Character spans: a JSON list of [start, end, name].
        Column(name="slots", kind=Kind.TEXT, required=False, nullable=True),
        Column(name="user_id", kind=Kind.IDENTIFIER, required=False, nullable=True),
        # When it was said: without it, no day can be compared with another.
        Column(name="timestamp", kind=Kind.TIMESTAMP, required=False, nullable=True, past=True),
    ),
)
TABLES: Final = {
    table.name: table
    for table in (
        TRANSACTIONS,
        FRAUD_LABELS,
        CATEGORY_LABELS,
        USERS,
        GOALS,
        ITEMS,
        INTERACTIONS,
        UTTERANCES,
    )
}


def table_named(name: str) -> TableSchema:
    """Return the schema of one table.

    Raises
    ------
    DataValidationError
        There is no such table.
    """
    if name not in TABLES:
        raise DataValidationError(f"There is no table {name!r}. Known: {', '.join(TABLES)}.")
    return TABLES[name]
