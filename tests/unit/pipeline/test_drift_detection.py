from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from mlops_platform.errors import BundleIntegrityError, ModelNotFoundError
from mlops_platform.monitoring.drift_watch import Serving, ServingBundle
from mlops_platform.pipeline import drift_detection
from mlops_platform.pipeline.drift_detection import DriftDetection
from mlops_platform.serving.routing import Routing, Variant

NOW = datetime(2025, 2, 5, 0, 40, tzinfo=UTC)
MODEL = "fraud_detection"
EVERY_MODEL = "every model"


class Watched:
    def __init__(self, broken: str = "") -> None:
        self.asked: list[tuple[str, Serving, datetime]] = []
        self.broken = broken

    def watch(self, model_name: str, serving: Serving, now: datetime) -> dict[str, Any]:
        if model_name == self.broken:
            raise BundleIntegrityError("gone")
        self.asked.append((model_name, serving, now))
        return {"verdict": "PASS"}


def variant(version: str, weight: float) -> Variant:
    uri = f"s3://bundles/{MODEL}/{version}/"
    return Variant(
        version=version, semantic_version=f"1.0.{version}", bundle_uri=uri, weight=weight
    )


def detection(watch: Any, routing: Routing | None) -> DriftDetection:
    def read(model_name: str) -> Routing | None:
        return routing if routing and routing.model_name in {model_name, EVERY_MODEL} else None

    table: Any = SimpleNamespace(read=read)
    return DriftDetection(watch, table)


def test_every_bundle_with_a_share_of_traffic_is_watched() -> None:
    variants = (variant("1", 0.9), variant("2", 0.1), variant("3", 0.0))
    routing = Routing(model_name=MODEL, revision=7, variants=variants)
    watch = Watched()

    assert detection(watch, routing).detect(NOW, MODEL) == {MODEL: {"verdict": "PASS"}}

    bundles = [ServingBundle(f"s3://bundles/{MODEL}/{n}/", f"1.0.{n}") for n in ("1", "2")]
    assert watch.asked == [(MODEL, Serving(7, bundles), NOW)]


def test_a_model_of_which_nothing_serves_is_not_watched() -> None:
    assert detection(Watched(), None).detect(NOW, MODEL) == {}


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(ModelNotFoundError):
        detection(Watched(), None).detect(NOW, "horoscope")


def test_a_model_that_cannot_be_watched_keeps_no_other_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = tuple(SimpleNamespace(name=name) for name in ("first", "second"))
    monkeypatch.setattr(drift_detection, "MODELS", models)
    routing = Routing(model_name=EVERY_MODEL, revision=1, variants=(variant("1", 1.0),))
    watch = Watched(broken="first")

    with pytest.raises(ExceptionGroup) as raised:
        detection(watch, routing).detect(NOW)

    assert [type(error) for error in raised.value.exceptions] == [BundleIntegrityError]
    assert [model_name for model_name, _, _ in watch.asked] == ["second"]
