"""Tables that users bring to a benchmark."""

from pathlib import Path

import pandas as pd

from mlops_platform.errors import DataValidationError


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet or CSV file by its suffix.

    Raises
    ------
    DataValidationError
        It is of another kind.
    """
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.name.endswith((".csv", ".csv.gz")):
        return pd.read_csv(path)
    raise DataValidationError(f"{path} is neither .parquet nor .csv: convert it first.")
