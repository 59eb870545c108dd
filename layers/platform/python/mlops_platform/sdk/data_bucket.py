"""Put files of the documented tables where training looks for them."""

from pathlib import Path

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.config.platform_config import MLOpsConfig
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
    bucket = config.s3_bucket_name or discover(config, "data_bucket")
    key = f"{table}/{path.name}"
    client("s3").upload_file(str(path), bucket, key)
    return str(S3Uri(bucket, key))
