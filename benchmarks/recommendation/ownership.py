"""A users x products table: the users' columns as numbers, the products as 0 and 1."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.tables import numbers, read_table, require_columns, truths
from mlops_platform.errors import DataValidationError

Floats = NDArray[np.float32]

# With fewer, one of the three parts would hold next to nobody.
MIN_USERS: Final = 30
# A value of a text column becomes a column of its own if this share of the users has it.
_MIN_SHARE: Final = 0.005
# A text column is read as dates if this share of its values looks like one.
_DATE_SHARE: Final = 0.9
_DATE: Final = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"


@dataclass(frozen=True)
class Ownership:
    """Users who own something: `columns` (n_users, n_columns) and `owned` (n_users, n_products)."""

    columns: Floats
    owned: Floats

    @classmethod
    def read(
        cls,
        path: Path,
        user_columns: tuple[str, ...] | None,
        product_columns: tuple[str, ...] | None,
    ) -> Self:
        """Read a Parquet or CSV table.

        Unless named, products are the columns that hold nothing but 0 and 1, or True and False,
        and user columns are all others. Named products may hold counts, and yes or no. Users
        without a product are left out: there is nothing to hide. Without user columns there is a
        constant one, from which content learns how popular products are.

        Raises
        ------
        DataValidationError
            A column is absent, a product is neither owned nor not, or there are too few products
            or users.
        """
        table = read_table(path)
        named = (*(user_columns or ()), *(product_columns or ()))
        require_columns(table, path, named, "--user-columns and --product-columns")
        products = product_columns or tuple(
            name for name in table.columns if name not in named and _is_flag(table[name])
        )
        users = user_columns
        if users is None:
            users = tuple(name for name in table.columns if name not in products)
        if len(products) < 2:  # noqa: PLR2004
            raise DataValidationError(
                f"{path} has {len(products)} numeric column of 0 and 1 alone; name the products "
                "by --product-columns."
            )
        owned = np.column_stack([_owned(table[name]) for name in products])
        owners = np.asarray(owned.any(axis=1))
        if owners.sum() < MIN_USERS:
            raise DataValidationError(
                f"{path} has {owners.sum()} users who own a product; at least {MIN_USERS} are "
                "needed to learn, choose and judge."
            )
        print(f"products: {', '.join(products)}\nuser columns: {', '.join(users) or 'none'}")
        columns = _numbers(table.loc[owners].filter(users))
        if not columns.shape[1]:
            columns = np.zeros((len(columns), 1), dtype=np.float32)
        return cls(columns, owned[owners].astype(np.float32))


def _is_flag(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and bool(column.isin([0, 1]).all())


def _owned(column: pd.Series) -> NDArray[np.bool_]:
    """Return who owns a product; what is not known is not owned."""
    is_number = pd.api.types.is_numeric_dtype(column)
    values = numbers(column) if is_number else truths(column)
    return np.asarray(values > 0)


def _numbers(table: pd.DataFrame) -> Floats:
    """Return columns as numbers: dates as days, texts as one column for each frequent value."""
    blocks = [np.zeros((len(table), 0), dtype=np.float32)]
    for name in table:
        column = table[name]
        if not pd.api.types.is_numeric_dtype(column):
            column = _as_dates(column)
        if pd.api.types.is_datetime64_any_dtype(column):
            days = (column - pd.Timestamp(0, tz=column.dt.tz)) / pd.Timedelta(days=1)
            blocks.append(days.to_numpy(np.float32)[:, None])
        elif pd.api.types.is_numeric_dtype(column):
            blocks.append(column.to_numpy(np.float32, na_value=np.nan)[:, None])
        else:
            blocks.append(_flags(column))
    return np.hstack(blocks)


def _as_dates(column: pd.Series) -> pd.Series:
    """Return a column of texts as dates, the day before the month, if most look like dates."""
    texts = column.astype("str")
    if pd.api.types.is_datetime64_any_dtype(column) or texts.str.match(_DATE).mean() < _DATE_SHARE:
        return column
    return pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=True)


def _flags(column: pd.Series) -> Floats:
    """Return a column for each frequent value; identifiers, which have none, give no column."""
    texts = column.astype("str")
    share = texts.value_counts(normalize=True)
    values = sorted(share.index[share >= _MIN_SHARE])
    equal = texts.to_numpy(dtype=object)[:, None] == np.array(values, dtype=object)
    return np.asarray(equal, dtype=np.float32)
