"""Which versions of a model serve, and with which share: the routing table's item."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.errors import ModelNotDeployedError


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One version in service.

    Parameters
    ----------
    version
        The registry's number of it, e.g. ``"3"``.
    semantic_version
        What people call it, e.g. ``"1.0.0"``.
    bundle_uri
        ``s3://bucket/prefix/`` of the unpacked bundle.
    weight
        Its part of the traffic, relative to the sum of all weights; 0 means on demand only.
    """

    version: str
    semantic_version: str
    bundle_uri: str
    weight: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.weight) or self.weight < 0:
            raise ValueError(f"weight of version {self.version} is {self.weight}; it must be >= 0.")


@dataclass(frozen=True, kw_only=True)
class Routing:
    """One revision of one model's routing: at least one variant with a positive weight."""

    model_name: str
    revision: int
    variants: tuple[Variant, ...]

    def __post_init__(self) -> None:
        if not any(variant.weight > 0 for variant in self.variants):
            raise ModelNotDeployedError(f"No version of {self.model_name} has a share of traffic.")

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read the item as DynamoDB's low-level client returns it."""
        return cls(
            model_name=item["model_name"]["S"],
            revision=int(item["revision"]["N"]),
            variants=tuple(
                Variant(
                    version=str(variant["version"]),
                    semantic_version=str(variant["semantic_version"]),
                    bundle_uri=variant["bundle_uri"],
                    weight=float(variant["weight"]),
                )
                for variant in json.loads(item["variants"]["S"])
            ),
        )


def read_routing(dynamodb: Any, table: str, model_name: str) -> Routing:
    """Read the newest revision; the read is consistent, so that a rollback is never missed.

    Raises
    ------
    ModelNotDeployedError
        The table has no entry for the model, or none with a share of traffic.
    """
    answer = dynamodb.get_item(
        TableName=table, Key={"model_name": {"S": model_name}}, ConsistentRead=True
    )
    if "Item" not in answer:
        raise ModelNotDeployedError(f"No version of {model_name} is deployed yet.")
    return Routing.from_item(answer["Item"])
