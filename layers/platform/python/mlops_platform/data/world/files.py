"""Write a world's days as the files of the documented tables."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from mlops_platform.data.world.world import World


def write_days(world: World, folder: Path, first: date, last: date, *, since: date) -> list[Path]:
    """Write what becomes known on the days from `first` to `last`, both included.

    Parameters
    ----------
    world
        Whose days.
    folder
        Gets one file per table, ``<table>/<first>_<last>.parquet``.
    first, last
        The days.
    since
        The world's first day.

    Returns
    -------
    list of Path
        The files, transactions first.
    """
    tables: dict[str, pa.Table] = {
        "transactions": world.transactions(first, last),
        "fraud_labels": world.labels_known(first, last, since=since),
    }
    paths = []
    for name, table in tables.items():
        path = folder / name / f"{first:%Y-%m-%d}_{last:%Y-%m-%d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(table, path)
        paths.append(path)
    return paths
