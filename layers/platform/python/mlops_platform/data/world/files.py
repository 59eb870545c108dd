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

    Each file holds one day's transactions, interactions or utterances, or the labels of one day's
    transactions, and is named by that day alone. So days may be written again, in any portions: a
    file is replaced by the same rows, or by their labels together with those that came since.
    Products and customers are all there from the first day on, each in one file that is always the
    same. What people do as customers begins with the world: where `since` is another day, it is
    moved by as much.

    Parameters
    ----------
    world
        Whose days.
    folder
        Gets the files ``<table>/<day>.parquet``, ``items/all.parquet`` and ``users/all.parquet``.
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
            _write(world.transactions(day, day), folder / "transactions", str(day))
            for day in days_between(first, last)
        ),
        *(
            _write(labels(day, day, until=until), folder / name, str(day))
            for name, labels in (
                ("fraud_labels", world.labels),
                ("category_labels", world.category_labels),
            )
            for day in labelled
        ),
        *(
            _write(world.interactions(day, day, since=since), folder / "interactions", str(day))
            for day in days_between(first, last)
        ),
        *write_utterances(world, folder, first, last),
        _write(world.items(), folder / "items", "all"),
        _write(world.users(since=since), folder / "users", "all"),
    ]


def write_utterances(world: World, folder: Path, first: date, last: date) -> list[Path]:
    """Write what people ask on the days from `first` to `last` as ``utterances/<day>.parquet``."""
    return [
        _write(world.utterances(day, day), folder / "utterances", str(day))
        for day in days_between(first, last)
    ]


def _write(table: pa.Table, folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.parquet"
    pyarrow.parquet.write_table(table, path)
    return path
