"""Put files of the documented tables where training looks for them."""

from pathlib import Path

from boto3.s3.transfer import S3Transfer

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.pipeline.table_objects import DataBucket
from mlops_platform.sdk.discovery import discover


def upload_table_file(config: MLOpsConfig, table: str, path: Path) -> str:
    """Add one file to a table in the data bucket and return its address.

    Parameters
    ----------
    config
        Which environment; its `s3_bucket_name` wins over the published data bucket.
    table
        The table's name.
    path
        A Parquet or CSV file; a file of the same name is replaced.
    """
    bucket = data_bucket(config)
    key = object_key(table, path)
    S3Transfer(client("s3")).upload_file(str(path), bucket.name, key)
    return str(S3Uri(bucket.name, key))


def data_bucket(config: MLOpsConfig) -> DataBucket:
    """Return the data bucket: the configuration's, or else the published one."""
    return DataBucket(client("s3"), config.s3_bucket_name or discover(config, "data_bucket"))


def object_key(table: str, path: Path) -> str:
    """Return where a file of a table stands in the data bucket."""
    return f"{table}/{path.name}"
