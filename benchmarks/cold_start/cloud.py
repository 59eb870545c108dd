"""What a starting predict function calls, in moto: routing table, feature table and bundles."""

import json
from pathlib import Path
from typing import Final

from moto.server import ThreadedMotoServer

from mlops_platform.aws.clients import client

BUCKET: Final = "bundles"
ROUTING_TABLE: Final = "routing"
FEATURE_TABLE: Final = "features"


def start_server() -> tuple[ThreadedMotoServer, str]:
    """Start moto's server on a free port; return it with its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return server, f"http://{host}:{port}"


def create_tables() -> None:
    """Create the tables and the bucket of serving."""
    client("s3").create_bucket(Bucket=BUCKET)
    for table, key in ((ROUTING_TABLE, "model_name"), (FEATURE_TABLE, "entity")):
        client("dynamodb").create_table(
            TableName=table,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def deploy(model_name: str, bundle: Path) -> None:
    """Store a bundle and route all of a model's traffic to it."""
    for path in bundle.iterdir():
        client("s3").put_object(
            Bucket=BUCKET, Key=f"{model_name}/1/{path.name}", Body=path.read_bytes()
        )
    variant = {
        "version": "1",
        "semantic_version": "1.0.0",
        "bundle_uri": f"s3://{BUCKET}/{model_name}/1/",
        "weight": 1.0,
    }
    client("dynamodb").put_item(
        TableName=ROUTING_TABLE,
        Item={
            "model_name": {"S": model_name},
            "revision": {"N": "1"},
            "variants": {"S": json.dumps([variant])},
        },
    )
