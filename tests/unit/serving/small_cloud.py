"""The tables and the bucket that serving needs, in moto, with hands to prepare them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlops_platform.config.predict_settings import PredictSettings
from mlops_platform.features.clock import parse_instant
from mlops_platform.serving.feature_store import FeatureStore
from mlops_platform.serving.feature_table import FeatureTable
from mlops_platform.serving.routing import Routing, read_routing
from mlops_platform.serving.served_transaction import ServedTransaction
from tests.unit.serving.tiny_model import NAME, bundle_files

BUCKET = "bundles"
ROUTING_TABLE = "routing"
FEATURE_TABLE = "features"
NOON = "2026-03-02T12:00:00Z"

SETTINGS = PredictSettings(
    model_name=NAME,
    routing_table=ROUTING_TABLE,
    feature_table=FEATURE_TABLE,
    lookup_deadline_seconds=30.0,
    routing_deadline_seconds=30.0,
)


@dataclass(frozen=True)
class SmallCloud:
    dynamodb: Any
    s3: Any

    def create(self) -> None:
        self.s3.create_bucket(Bucket=BUCKET)
        for table, key in ((ROUTING_TABLE, "model_name"), (FEATURE_TABLE, "entity")):
            self.dynamodb.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )

    def publish(self, factor: float, golden: Sequence[Mapping[str, Any]] = ()) -> str:
        """Store a bundle; return its address."""
        prefix = f"{NAME}/times-{factor}/"
        for name, content in bundle_files(factor, golden).items():
            self.s3.put_object(Bucket=BUCKET, Key=prefix + name, Body=content)
        return f"s3://{BUCKET}/{prefix}"

    def route(self, revision: int, *variants: tuple[str, float, float]) -> None:
        """Route to variants of (version, factor, weight)."""
        entries = [
            {
                "version": version,
                "semantic_version": f"{version}.0.0",
                "bundle_uri": self.publish(factor),
                "weight": weight,
            }
            for version, factor, weight in variants
        ]
        self.dynamodb.put_item(
            TableName=ROUTING_TABLE,
            Item={
                "model_name": {"S": NAME},
                "revision": {"N": str(revision)},
                "variants": {"S": json.dumps(entries)},
            },
        )

    def routing(self) -> Routing:
        return read_routing(self.dynamodb, ROUTING_TABLE, NAME)

    def remember(self, user_id: str, n_transactions: int) -> None:
        """Let a user have a past."""
        FeatureStore(table=FeatureTable(dynamodb=self.dynamodb, name=FEATURE_TABLE)).apply(
            ServedTransaction(
                transaction_id=f"{user_id}-{number}",
                user=f"user#{user_id}",
                merchant="merchant#m",
                timestamp=parse_instant(NOON),
                amount_minor=1_000,
            )
            for number in range(n_transactions)
        )


def http_event(
    action: str, body: str | None = None, *, method: str = "POST", model: str = NAME, **extra: Any
) -> dict[str, Any]:
    """Return an API Gateway event of payload 2.0."""
    path = f"/ml/{model}/{action}"
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method, "path": path}},
        "body": body,
        "isBase64Encoded": False,
        **extra,
    }
