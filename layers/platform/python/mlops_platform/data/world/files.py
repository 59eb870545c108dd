"""Write a world's days as the files of the documented tables."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from mlops_platform.data.world import category_labels
from mlops_platform.data.world.labels import LATEST_REPORT_DAYS
from mlops_platform.data.world.world import World, days_between

# A label may come so late that it lies on the day after the last whole one.
_LABELS_COME_FOR = timedelta(days=int(max(LATEST_REPORT_DAYS, category_labels.LATEST_DAYS)) + 1)


def write_days(
    world: World,
    folder: Path,
    first: date,
    last: date,
    *,
    since: date,
    known_until: date | None = None,
) -> list[Path]:
    """Write what becomes known on the days from `first` to `last`, both included.

    Each file holds one day's transactions, or the labels of one day's transactions, and is named
    by that day alone. So days may be written again, in any portions: a file is replaced by the
    same transactions, or by their labels together with those that came since.

    Parameters
    ----------
    world
        Whose days.
    folder
        Gets the files ``<table>/<day>.parquet``.
    first, last
        The days. Labels that come on them for earlier transactions are written too.
    since
        The world's first day; earlier transactions do not exist.
    known_until
        The last day on which a label comes; by default `last`.

    Returns
    -------
    list of Path
        The files, transactions first.
    """
    labelled = days_between(max(since, first - _LABELS_COME_FOR), last)
    until = known_until or last
    return [
        *(
            _write(world.transactions(day, day), folder / "transactions", day)
            for day in days_between(first, last)
        ),
        *(
            _write(labels(day, day, until=until), folder / name, day)
            for name, labels in (
                ("fraud_labels", world.labels),
                ("category_labels", world.category_labels),
            )
            for day in labelled
        ),
    ]


def write_utterances(world: World, folder: Path, first: date, last: date) -> list[Path]:
    """Write what people ask on the days from `first` to `last` as ``utterances/<day>.parquet``."""
    return [
        _write(world.utterances(day, day), folder / "utterances", day)
        for day in days_between(first, last)
    ]


def _write(table: pa.Table, folder: Path, day: date) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day:%Y-%m-%d}.parquet"
    pyarrow.parquet.write_table(table, path)
    return path
