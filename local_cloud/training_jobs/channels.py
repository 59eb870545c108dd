"""Input channels: the objects of an S3 prefix, downloaded into `input/data/<channel>`."""

from pathlib import Path
from typing import Any

from local_cloud.clients import client


class InputDataError(Exception):
    """A channel cannot be delivered; SageMaker calls it a ClientError."""


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of `s3://bucket/key` or of CDK's `https://s3.<region>.<host>/bucket/key`.

    >>> split_uri("s3://data/transactions/")
    ('data', 'transactions/')
    >>> split_uri("https://s3.eu-west-1.amazonaws.com/data/transactions")
    ('data', 'transactions')
    """
    if uri.startswith("https://s3."):
        uri = "s3://" + uri.split("/", 3)[3]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def relative_name(key: str, prefix: str) -> str:
    """Return where an object goes below its channel's folder.

    >>> relative_name("a/b/part-1.csv", "a/b"), relative_name("a/b/part-1.csv", "a/b/part")
    ('part-1.csv', 'part-1.csv')
    >>> relative_name("a/b.csv", "a/b.csv"), relative_name("x/y.csv", "")
    ('b.csv', 'x/y.csv')
    """
    rest = key.removeprefix(prefix)
    if prefix == "" or prefix.endswith("/") or rest.startswith("/"):
        return rest.lstrip("/")
    return key[prefix.rfind("/") + 1 :]


def download(channel: dict[str, Any], directory: Path, region: str) -> dict[str, str]:
    """Download one channel of `InputDataConfig` and return its entry of inputdataconfig.json.

    Raises
    ------
    InputDataError
        When the prefix holds no object, or asks for something other than plain files.
    """
    source = channel["DataSource"].get("S3DataSource", {})
    mode = channel.get("InputMode") or "File"
    if source.get("S3DataType") != "S3Prefix" or mode not in {"File", "FastFile"}:
        raise InputDataError(
            f"Channel {channel['ChannelName']}: the local cloud delivers S3Prefix channels as "
            f"files, not {source.get('S3DataType')} in {mode} mode."
        )
    if channel.get("CompressionType", "None") != "None":
        raise InputDataError(
            f"Channel {channel['ChannelName']}: the local cloud does not decompress channels."
        )
    _download_prefix(source["S3Uri"], directory / channel["ChannelName"], region)
    entry = {
        "TrainingInputMode": mode,
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }
    return entry | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})


def _download_prefix(uri: str, target: Path, region: str) -> None:
    bucket, prefix = split_uri(uri)
    s3 = client("s3", region)
    target.mkdir(parents=True)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    if not keys:
        raise InputDataError(
            f'No S3 objects found under S3 URL "{uri}" given in input data source.'
        )
    for key in keys:
        if not key.endswith("/"):
            path = target / relative_name(key, prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, key, str(path))
