"""States PrepareRelease, Release and RollBack: a version's way into production, and back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from mlops_platform.aws.clients import client
from mlops_platform.config.functions import (
    PrepareReleaseSettings,
    ReleaseModelSettings,
    RollBackReleaseSettings,
)
from mlops_platform.config.models import model_named
from mlops_platform.errors import ModelVersionNotFoundError
from mlops_platform.registry.comparison import Comparison
from mlops_platform.registry.ledger import Ledger
from mlops_platform.registry.ledger_entry import routing_after
from mlops_platform.registry.registered_version import RegisteredVersion
from mlops_platform.registry.releases import Releases
from mlops_platform.registry.routing_table import revision_of
from mlops_platform.registry.transition import Cause
from mlops_platform.registry.withdrawal import withdraw

Settings = PrepareReleaseSettings | ReleaseModelSettings | RollBackReleaseSettings


@dataclass(frozen=True)
class ModelRelease:
    """The steps of a release that the ledger decides; none of them needs MLflow.

    Parameters
    ----------
    ledger
        What was registered and released.
    """

    ledger: Ledger

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Build from a function's settings."""
        tables = (settings.ledger_table, settings.routing_table)
        return cls(Ledger.of_tables(client("dynamodb"), *tables))

    def prepare(
        self, *, model_name: str, version: str, comparison: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Find the version, and the routing that the decision is about.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        version
            Number or semantic version of what is to be released.
        comparison
            ``{"champion": …}`` as ``ValidateData`` found it, where the decision rests on a
            comparison with it (null if nothing served); None for a person's decision, which
            replaces what serves now.

        Returns
        -------
        dict
            ``version``, ``semantic_version``, ``bundle_uri``, ``bundle_sha256``, and
            ``expected_revision``, which a release must still find.

        Raises
        ------
        ModelVersionNotFoundError
            The ledger has no such version.
        ChampionChangedError
            The champion that the candidate was compared with serves no more.
        """
        model = model_named(model_name)
        entries = self.ledger.verify(model.name)
        routing = routing_after(entries[-1] if entries else None)
        found = Releases(self.ledger, model.name).find(version)
        alone = routing is not None and [v.version for v in routing.variants] == [found.version]
        # What serves already needs no evidence: releasing it again changes nothing.
        if comparison is not None and not alone:
            against = Comparison.with_champion(comparison["champion"])
            against.require_unchanged(found.version, routing)
        return {**asdict(found), "expected_revision": revision_of(routing)}

    def release(
        self, *, model_name: str, prepared: Mapping[str, Any], cause: Cause
    ) -> dict[str, Any]:
        """Make the prepared version serve, if what served when it was prepared still does.

        Returns
        -------
        dict
            ``model_name``, ``version``, ``semantic_version``, ``revision``.

        Raises
        ------
        ChampionChangedError
            Another release, or a person, came first; production stays as they left it.
        """
        version = _version_of(prepared)
        entry = Releases(self.ledger, model_name).release(
            version, cause, expected_revision=prepared["expected_revision"]
        )
        return {
            "model_name": model_name,
            "version": version.version,
            "semantic_version": version.semantic_version,
            "revision": entry.serving.revision,
        }

    def roll_back(self, *, model_name: str, version: str, cause: Cause) -> dict[str, Any]:
        """Take back what the cause's execution released, and enter why.

        Returns
        -------
        dict
            ``model_name``, ``outcome`` (``rolled_back``, or ``rejected`` where this execution had
            released nothing) and ``revision`` of what serves now, 0 for nothing.
        """
        try:
            candidate = Releases(self.ledger, model_name).find(version)
        except ModelVersionNotFoundError:
            candidate = None
        entry = withdraw(self.ledger, model_name, candidate, cause)
        return {
            "model_name": model_name,
            "outcome": str(entry.transition),
            "revision": revision_of(entry.routing),
        }


def _version_of(prepared: Mapping[str, Any]) -> RegisteredVersion:
    return RegisteredVersion(
        version=prepared["version"],
        semantic_version=prepared["semantic_version"],
        bundle_uri=prepared["bundle_uri"],
        bundle_sha256=prepared["bundle_sha256"],
    )
