"""The tables of the registry in moto, and a client whose calls are whole."""

import threading
from typing import Any

from mlops_platform.registry.ledger import Ledger

LEDGER, ROUTING = "ledger", "routing"


class OneAtATime:
    """A client whose calls are each whole, as DynamoDB's are; moto's transactions are not."""

    def __init__(self, client: Any) -> None:
        self.exceptions = client.exceptions
        self._client, self._lock = client, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "get_paginator":
            return attribute

        def call(**request: Any) -> Any:
            with self._lock:
                return attribute(**request)

        return call


def create_registry_tables(dynamodb: Any) -> None:
    """Create the ledger's and the routing table as the templates do."""
    keys = {ROUTING: {"model_name": "S"}, LEDGER: {"model_name": "S", "sequence": "N"}}
    for table, attributes in keys.items():
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": name, "KeyType": kind}
                for name, kind in zip(attributes, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()
            ],
        )


def ledger_in(dynamodb: Any, **more: Any) -> Ledger:
    """Return the ledger in those tables."""
    made = Ledger.of_tables(dynamodb, LEDGER, ROUTING)
    return Ledger(made.table, made.routing_table, **more)
