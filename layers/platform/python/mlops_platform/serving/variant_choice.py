"""Which variant answers whom: by weight, and the same one for the same person."""

import hashlib
from collections.abc import Sequence

from mlops_platform.errors import ModelVersionNotFoundError
from mlops_platform.serving.routing import Routing, Variant

LATEST = "latest"


def position_of(key: str, salt: str) -> float:
    """Return a number in [0, 1) that depends on `key` and `salt` alone, spread evenly over keys."""
    digest = hashlib.sha256(f"{salt}/{key}".encode()).digest()
    # 53 bits are what a float holds exactly; more could round up to 1.
    return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)


def variant_at(position: float, variants: Sequence[Variant]) -> Variant:
    """Return the variant whose slice of [0, 1) holds `position`.

    Slices lie in the variants' order. So when the last variant's share grows at the others'
    expense, as a canary's does, everyone whom it already served stays with it.

    Parameters
    ----------
    position
        In [0, 1).
    variants
        At least one has a positive weight.
    """
    serving = [variant for variant in variants if variant.weight > 0]
    remaining = position * sum(variant.weight for variant in serving)
    for variant in serving[:-1]:
        remaining -= variant.weight
        if remaining < 0:
            return variant
    return serving[-1]


def choose_variant(routing: Routing, model_version: str, key: str) -> Variant:
    """Return the variant that serves `key`, or the one that was asked for.

    Parameters
    ----------
    routing
        The deployed versions.
    model_version
        ``"latest"`` leaves the choice to the routing; else a semantic or a registry version.
    key
        Whom the choice sticks to: a user, or the prediction itself.

    Raises
    ------
    ModelVersionNotFoundError
        `model_version` is not deployed; the message lists what is.
    """
    if model_version == LATEST:
        # The usual case, in which no position is worth a hash.
        if len(routing.variants) == 1:
            return routing.variants[0]
        return variant_at(position_of(key, salt=routing.model_name), routing.variants)
    for variant in routing.variants:
        if model_version in {variant.semantic_version, variant.version}:
            return variant
    deployed = ", ".join(f"{v.semantic_version} (version {v.version})" for v in routing.variants)
    raise ModelVersionNotFoundError(
        f"Version {model_version!r} of {routing.model_name} is not deployed. "
        f"Deployed: {deployed}. Ask for one of these, or for {LATEST!r}."
    )
