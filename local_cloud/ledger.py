"""What a cloud must not leave behind, written down in case it is killed."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

from local_cloud.state import write_atomically


@dataclasses.dataclass(frozen=True)
class Child:
    """A running child: `kind` is function, training, task or database."""

    kind: str
    name: str
    pid: int
    program: str


class Ledger:
    """The file that lists a cloud's children, and its folders outside the state directory."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, children: Iterable[Child], folders: Iterable[Path]) -> None:
        """Replace the list."""
        content = {
            "children": [dataclasses.asdict(child) for child in children],
            "folders": [str(folder) for folder in folders],
        }
        write_atomically(self._path, json.dumps(content))

    def read(self) -> tuple[list[Child], list[Path]]:
        """Return children and folders; none when there is no list."""
        if not self._path.exists():
            return [], []
        content = json.loads(self._path.read_text())
        children = [Child(**entry) for entry in content["children"]]
        return children, [Path(folder) for folder in content["folders"]]

    def remove(self) -> None:
        """Forget: nothing is left behind."""
        self._path.unlink(missing_ok=True)
