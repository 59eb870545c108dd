import pytest

from mlops_platform.errors import ChampionChangedError
from mlops_platform.registry.comparison import Comparison
from mlops_platform.serving.routing import Routing
from tests.unit.registry.manifests import registered

MODEL = "fraud_detection"


def routing(number: int, revision: int) -> Routing:
    variants = (registered(number).variant(),)
    return Routing(model_name=MODEL, revision=revision, variants=variants)


def test_evidence_about_what_serves_holds() -> None:
    Comparison("1", 4).require_unchanged("2", routing(1, 4))
    Comparison.with_champion(None).require_unchanged("2", None)


def test_evidence_against_another_champion_has_expired() -> None:
    with pytest.raises(ChampionChangedError, match="version 1 at revision 4, but version 2 serves"):
        Comparison("1", 4).require_unchanged("3", routing(2, 5))
    with pytest.raises(ChampionChangedError, match="with no champion at revision 0, but version 2"):
        Comparison.with_champion(None).require_unchanged("3", routing(2, 5))
    with pytest.raises(ChampionChangedError, match="but no champion serves now, at revision 0"):
        Comparison("1", 4).require_unchanged("3", None)


def test_evidence_does_not_revive_when_a_person_brings_the_champion_back() -> None:
    compared = Comparison.with_champion({"version": "1", "revision": 4})

    with pytest.raises(ChampionChangedError, match="revision 4, but version 1 serves now"):
        compared.require_unchanged("2", routing(1, 6))
