"""botocore's descriptions of the services, read quickly: a function's start waits for them."""

import gzip
from pathlib import Path
from typing import Any

import orjson
from botocore.loaders import JSONFileLoader, Loader


class OrjsonFileLoader(JSONFileLoader):
    """Reads the files that botocore's own loader does, by a faster parser.

    Parsing the megabytes that describe two services was half of what making their clients took.
    """

    def load_file(self, file_path: str) -> Any:
        """Return a description by its path without an ending; None if there is none."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return orjson.loads(plain.read_bytes())
        if packed.is_file():
            return orjson.loads(gzip.decompress(packed.read_bytes()))
        return None


class ServiceDescriptions(Loader):
    """Finds descriptions without looking into the folder of each of four hundred services."""

    def __init__(self) -> None:
        super().__init__(file_loader=OrjsonFileLoader())

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - see Returns
        """Return the names of all services.

        Returns
        -------
        list of str
            Those without a description of this type, too: asking for it tells.
        """
        folders = (Path(path) for path in self.search_paths)
        return sorted(
            {each.name for folder in folders if folder.is_dir() for each in folder.iterdir()}
        )
