import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mlops_platform.errors import (
    BundleIntegrityError,
    ModelNotDeployedError,
    RoutingUnavailableError,
)
from mlops_platform.serving.bundle_download import load_bundle
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.inference import Inference
from mlops_platform.serving.routing import Routing, Variant
from tests.unit.serving.small_cloud import BUCKET, SmallCloud
from tests.unit.serving.tiny_model import NAME, TinyInference, bundle_files


def routing(revision: int, *bundles: str) -> Routing:
    return Routing(
        model_name=NAME,
        revision=revision,
        variants=tuple(
            Variant(version=uri, semantic_version=uri, bundle_uri=uri, weight=1.0)
            for uri in bundles
        ),
    )


@dataclass
class World:
    """A table and a bundle store that a test can break, and a clock that it can move."""

    routing: Routing | Exception = field(default_factory=lambda: routing(1, "a"))
    now: float = 0.0
    n_reads: int = 0
    loaded: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    hang: Callable[[], object] | None = None

    def read(self) -> Routing:
        self.n_reads += 1
        if self.hang:
            self.hang()
        if isinstance(self.routing, Exception):
            raise self.routing
        return self.routing

    def load(self, uri: str) -> Inference:
        if uri in self.broken:
            raise BundleIntegrityError(uri)
        self.loaded.append(uri)
        return TinyInference(bundle_files(1.0)["model.onnx"])


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def cache(world: World) -> DeploymentCache:
    return DeploymentCache(
        read=world.read,
        load=world.load,
        max_age_seconds=5,
        deadline_seconds=0.05,
        stale_seconds=900,
        clock=lambda: world.now,
    )


def test_a_fresh_routing_is_not_read_again(world: World, cache: DeploymentCache) -> None:
    cache.current()
    world.now = 4.9
    cache.current()

    assert world.n_reads == 1


def test_a_new_revision_serves_after_the_maximum_age(world: World, cache: DeploymentCache) -> None:
    cache.current()
    world.routing, world.now = routing(2, "a", "b"), 5.0

    assert cache.current().routing.revision == 2
    assert world.loaded == ["a", "b"]  # "a" was in memory already


def test_the_same_revision_loads_nothing(world: World, cache: DeploymentCache) -> None:
    first = cache.current()
    world.now = 6.0

    assert cache.current() is first
    assert world.n_reads == 2


def test_the_old_routing_serves_while_the_table_fails(world: World, cache: DeploymentCache) -> None:
    first = cache.current()
    world.routing = ConnectionError("no table")

    world.now = 899.0
    assert cache.current() is first
    world.now = 905.0
    with pytest.raises(RoutingUnavailableError):
        cache.current()

    world.routing = routing(2, "a")
    assert cache.current().routing.revision == 2


def test_a_failed_read_is_not_repeated_by_every_request(
    world: World, cache: DeploymentCache
) -> None:
    cache.current()
    world.routing, world.now = ConnectionError("no table"), 6.0
    cache.current()
    cache.current()

    assert world.n_reads == 2


def test_a_hanging_table_holds_a_request_up_only_for_the_deadline(
    world: World, cache: DeploymentCache
) -> None:
    first = cache.current()
    answered = threading.Event()
    world.hang, world.now = answered.wait, 6.0

    assert cache.current() is first  # the read is still waiting

    answered.set()


def test_a_bundle_that_cannot_be_loaded_leaves_the_old_one_in_service(
    world: World, cache: DeploymentCache
) -> None:
    first = cache.current()
    world.routing, world.now, world.broken = routing(2, "b"), 6.0, {"b"}

    assert cache.current() is first

    world.broken, world.now = set(), 12.0
    assert cache.current().routing.revision == 2


def test_a_withdrawn_model_stops_serving(world: World, cache: DeploymentCache) -> None:
    cache.current()
    world.routing, world.now = ModelNotDeployedError("withdrawn"), 6.0

    for _ in range(2):
        with pytest.raises(ModelNotDeployedError):
            cache.current()


def test_other_threads_serve_the_old_revision_while_one_refreshes(
    world: World, cache: DeploymentCache
) -> None:
    first = cache.current()
    reading, go_on = threading.Event(), threading.Event()
    cache.deadline_seconds = 30.0

    def hang() -> None:
        reading.set()
        go_on.wait()

    world.hang, world.now, world.routing = hang, 6.0, routing(2, "a")
    refreshing = threading.Thread(target=cache.current)
    refreshing.start()
    reading.wait()

    assert cache.current() is first

    go_on.set()
    refreshing.join()
    assert cache.current().routing.revision == 2


def test_a_tampered_bundle_is_refused(cloud: SmallCloud) -> None:
    uri = cloud.publish(2.0)
    other = bundle_files(3.0)["model.onnx"]
    cloud.s3.put_object(Bucket=BUCKET, Key=f"{NAME}/times-2.0/model.onnx", Body=other)

    with pytest.raises(BundleIntegrityError, match=r"model\.onnx"):
        load_bundle(cloud.s3, NAME, uri)


def test_an_empty_bundle_is_refused(cloud: SmallCloud) -> None:
    with pytest.raises(BundleIntegrityError, match="holds no bundle"):
        load_bundle(cloud.s3, NAME, f"s3://{BUCKET}/nothing/")


def test_a_bundle_cannot_write_outside_its_folder(cloud: SmallCloud) -> None:
    cloud.s3.put_object(Bucket=BUCKET, Key="evil/../../escaped", Body=b"")

    with pytest.raises(BundleIntegrityError, match="leads out"):
        load_bundle(cloud.s3, NAME, f"s3://{BUCKET}/evil/")
