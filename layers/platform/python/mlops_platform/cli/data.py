"""`mlops data`: fill the documented tables, from files or from a generated world."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from mlops_platform.cli.output import Output
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.data.tables import TABLES
from mlops_platform.data.validation import load_tables
from mlops_platform.data.world.files import write_days
from mlops_platform.data.world.world import World
from mlops_platform.sdk.data_bucket import data_bucket, object_key, upload_table_file
from mlops_platform.sdk.known_rows import refuse_known_rows

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def data() -> None:
    """Fill the tables that models are trained from."""


@data.command()
@click.argument("table", type=click.Choice(list(TABLES)), metavar="TABLE")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def load(output: Output, table: str, file: Path) -> None:
    """Check FILE (Parquet or CSV) against TABLE's schema and add it to the data bucket.

    A file of the same name is replaced; rows that stand in files of other names are refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / table / file.name
        copy.parent.mkdir()
        copy.write_bytes(file.read_bytes())
        loaded = load_tables({table: copy.parent}, as_of=datetime.now(UTC))[table]
    config, rows = MLOpsConfig(), loaded.num_rows
    refuse_known_rows(data_bucket(config), table, loaded, replacing=object_key(table, file))
    uri = upload_table_file(config, table, file)
    output.table("Loaded", ("rows", "where"), [(rows, uri)], {"rows": rows, "uri": uri})


@data.command()
@click.option("--start", type=DAY, help="First day; by default the world ends yesterday.")
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True)
@click.option("--users", type=click.IntRange(min=1), default=1_200, show_default=True)
# Among fewer, the watched ones are all there are, and no shop is left to lose its customers' cards.
@click.option("--merchants", type=click.IntRange(min=20), default=2_000, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A folder, instead of the bucket.")
@click.pass_obj
def generate(
    output: Output,
    start: datetime | None,
    days: int,
    users: int,
    merchants: int,
    seed: int,
    out: Path | None,
) -> None:
    """Make a world's tables and put them into the data bucket, or into a folder.

    There is one file for each table and day, so days that are made again replace themselves.
    """
    world = World(seed=seed, n_users=users, n_merchants=merchants)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    first = start.date() if start else yesterday - timedelta(days=days - 1)
    last = _last_day(first, days, yesterday)
    with tempfile.TemporaryDirectory() as scratch:
        folder = out or Path(scratch)
        paths = write_days(world, folder, first, last, since=first, known_until=yesterday)
        places = [
            str(path) if out else upload_table_file(MLOpsConfig(), path.parent.name, path)
            for path in paths
        ]
    by_table: dict[str, list[str]] = {}
    for path, place in zip(paths, places, strict=True):
        by_table.setdefault(path.parent.name, []).append(place)
    rows = [(table, len(files), files[0], files[-1]) for table, files in by_table.items()]
    output.table("Generated", ("table", "files", "first", "last"), rows, {"files": places})


def _last_day(first: date, days: int, yesterday: date) -> date:
    last = first + timedelta(days=days - 1)
    if last > yesterday:
        raise click.BadParameter(
            f"The world would end on {last}, which is not over; start earlier or make fewer days."
        )
    return last
