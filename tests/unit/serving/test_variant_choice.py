from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.errors import ModelNotDeployedError
from mlops_platform.serving.routing import Routing, Variant
from mlops_platform.serving.variant_choice import choose_variant, position_of, variant_at

weights = st.lists(st.floats(0, 1e6), min_size=1, max_size=5).filter(lambda w: max(w) > 1e-6)
positions = st.floats(0, 1, exclude_max=True)


def variants(*shares: float) -> tuple[Variant, ...]:
    return tuple(
        Variant(version=str(n), semantic_version=f"{n}.0.0", bundle_uri=f"s3://b/{n}/", weight=w)
        for n, w in enumerate(shares)
    )


@given(weights, positions)
def test_a_variant_without_weight_is_never_chosen(shares: list[float], position: float) -> None:
    assert variant_at(position, variants(*shares)).weight > 0


@given(st.text(), st.text())
def test_a_position_is_stable_and_below_one(key: str, salt: str) -> None:
    assert 0 <= position_of(key, salt) < 1
    assert position_of(key, salt) == position_of(key, salt)


@given(positions, st.floats(0, 1), st.floats(0, 1))
def test_a_growing_canary_keeps_everyone_whom_it_serves(
    position: float, share: float, other_share: float
) -> None:
    small, large = sorted((share, other_share))
    before = variant_at(position, variants(1 - small, small))
    after = variant_at(position, variants(1 - large, large))

    assert not (before.version == "1" and after.version == "0")


def test_shares_follow_the_weights() -> None:
    routing = Routing(model_name="m", revision=1, variants=variants(1.0, 3.0))
    chosen = Counter(choose_variant(routing, "latest", f"user-{n}").version for n in range(10_000))

    # Four standard errors of a share of 3/4 over 10,000 users.
    assert chosen["1"] / 10_000 == pytest.approx(0.75, abs=0.0173)


def test_models_split_their_users_independently() -> None:
    users = [f"user-{n}" for n in range(10_000)]
    both = sum(position_of(u, "a") < 0.5 and position_of(u, "b") < 0.5 for u in users)

    assert both / len(users) == pytest.approx(0.25, abs=0.0173)


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_a_weight_that_is_no_share_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight of version"):
        variants(weight)


def test_a_routing_without_traffic_counts_as_not_deployed() -> None:
    with pytest.raises(ModelNotDeployedError):
        Routing(model_name="m", revision=1, variants=variants(0.0))
