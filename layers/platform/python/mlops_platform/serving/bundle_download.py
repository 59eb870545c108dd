"""From an address in S3 to a loaded bundle."""

import tempfile
from pathlib import Path
from typing import Any

from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.errors import BundleIntegrityError
from mlops_platform.serving.inference import Inference, load_inference


def load_bundle(s3: Any, model_name: str, bundle_uri: str) -> Inference:
    """Download a bundle and load it with the code of its model.

    The files live on disk only meanwhile: what is loaded is in memory, so that a function which
    sees many releases never fills its disk.

    Raises
    ------
    BundleIntegrityError
        The bundle is empty, or a file is not the one that its manifest names.
    """
    with tempfile.TemporaryDirectory(prefix="bundle-") as name:
        folder = Path(name)
        download_folder(s3, S3Uri.parse(bundle_uri), folder)
        return load_inference(model_name, folder)


def download_folder(s3: Any, source: S3Uri, folder: Path) -> None:
    """Copy every object below `source` into `folder`.

    Raises
    ------
    BundleIntegrityError
        There is none, or a key leads out of the folder.
    """
    prefix = f"{source.key.rstrip('/')}/"
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=source.bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    if not keys:
        raise BundleIntegrityError(f"{source} holds no bundle; register the version again.")
    for key in keys:
        target = (folder / key.removeprefix(prefix)).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise BundleIntegrityError(f"{source.bucket}/{key} leads out of the bundle's folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(s3.get_object(Bucket=source.bucket, Key=key)["Body"].read())
