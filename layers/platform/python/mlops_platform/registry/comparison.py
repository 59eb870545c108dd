"""The evidence's expiry: a decision about a champion holds while that champion serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from mlops_platform.errors import ChampionChangedError
from mlops_platform.registry.routing_table import NEVER_DEPLOYED, champion_of, revision_of
from mlops_platform.serving.routing import Routing


@dataclass(frozen=True)
class Comparison:
    """What served when a candidate was compared with it.

    Parameters
    ----------
    champion
        The champion's version; None if there was none.
    revision
        The routing's revision then; `NEVER_DEPLOYED` if nothing served.
    """

    champion: str | None
    revision: int

    @classmethod
    def with_champion(cls, champion: Mapping[str, Any] | None) -> Self:
        """Return the comparison with the champion that ``ValidateData`` found."""
        if champion is None:
            return cls(champion=None, revision=NEVER_DEPLOYED)
        return cls(champion=str(champion["version"]), revision=int(champion["revision"]))

    def require_unchanged(self, candidate: str, routing: Routing | None) -> None:
        """Refuse a release whose evidence is about a routing that is no more.

        So whatever a person did meanwhile stands, even if it brought back the very version that
        the candidate was compared with.

        Raises
        ------
        ChampionChangedError
            `routing` is not the one that `candidate` was compared with.
        """
        if self.revision == revision_of(routing):
            return
        serving = None if routing is None else champion_of(routing).version
        raise ChampionChangedError(
            f"Version {candidate} was compared with {_called(self.champion)} at revision "
            f"{self.revision}, but {_called(serving)} serves now, at revision "
            f"{revision_of(routing)}. Train again, so that it is compared with what serves."
        )


def _called(version: str | None) -> str:
    return "no champion" if version is None else f"version {version}"
