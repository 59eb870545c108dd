"""What a command prints: a table for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass
class Output:
    """Where one run of `mlops` writes its answer.

    Parameters
    ----------
    as_json
        Print documents instead of tables; progress then goes to standard error alone.
    """

    as_json: bool
    console: Console = field(default_factory=Console)
    progress: Console = field(default_factory=lambda: Console(stderr=True))

    def document(self, value: Any) -> None:
        """Print one value as JSON."""
        self.console.print_json(json.dumps(value, default=str))

    def table(
        self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], value: Any
    ) -> None:
        """Print rows for people, or `value` for programs."""
        if self.as_json:
            self.document(value)
            return
        table = Table(title=title, title_justify="left")
        for column in columns:
            table.add_column(column)
        for row in rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row))
        self.console.print(table)

    def say(self, sentence: str) -> None:
        """Tell a person what is going on; programs read standard output without it."""
        self.progress.print(sentence, highlight=False)
