"""What the release workflow asks the predict function itself, past the HTTP API.

API Gateway sets an event's top-level keys, and a caller's body is a string within it, so that no
HTTP request can take one of these forms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlops_platform.errors import BundleIntegrityError, RoutingNotInEffectError
from mlops_platform.serving.deployment import DeploymentCache
from mlops_platform.serving.golden_check import replay_golden_examples
from mlops_platform.serving.inference import Inference, States

_CHECK_BUNDLE, _CONFIRM_REVISION = "check_bundle", "confirm_revision"


def asks_about_release(event: Mapping[str, Any]) -> bool:
    """Return whether an event is one of the release workflow's.

    Examples
    --------
    >>> asks_about_release({"check_bundle": {"bundle_uri": "s3://bundles/m/"}})
    True
    >>> asks_about_release({"version": "2.0", "body": '{"check_bundle": {}}'})
    False
    """
    return _CHECK_BUNDLE in event or _CONFIRM_REVISION in event


@dataclass(frozen=True, kw_only=True)
class ReleaseChecks:
    """Tries a bundle before its release, and confirms the routing after it.

    Parameters
    ----------
    load
        Loads the bundle at an address.
    decode_states
        Makes of packed states what the model's code reads.
    deployments
        What serves right now.
    """

    load: Callable[[str], Inference]
    decode_states: Callable[[Mapping[str, bytes]], States]
    deployments: DeploymentCache

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one question; errors pass through, so that a state machine sees their names."""
        if _CHECK_BUNDLE in event:
            asked = event[_CHECK_BUNDLE]
            return self.check_bundle(asked["bundle_uri"], asked["bundle_sha256"])
        return self.confirm_revision(event[_CONFIRM_REVISION]["revision"])

    def check_bundle(self, bundle_uri: str, bundle_sha256: str) -> dict[str, Any]:
        """Load a bundle as serving would, and replay its golden examples.

        Returns
        -------
        dict
            ``bundle_sha256``, ``n_examples`` and ``max_difference``.

        Raises
        ------
        BundleIntegrityError
            What lies at the address is damaged, or is another bundle.
        GoldenExampleError
            It answers otherwise than it did when it was made.
        """
        inference = self.load(bundle_uri)
        if inference.bundle_sha256 != bundle_sha256:
            raise BundleIntegrityError(
                f"{bundle_uri} holds bundle {inference.bundle_sha256}, not the registered "
                f"{bundle_sha256}. Find out who may write there, and register the version again."
            )
        replayed = replay_golden_examples(inference, self.decode_states)
        return {"bundle_sha256": bundle_sha256, **replayed}

    def confirm_revision(self, revision: int) -> dict[str, Any]:
        """Say that a routing, or a later one, is in effect here.

        Returns
        -------
        dict
            ``revision``, which serves.

        Raises
        ------
        RoutingNotInEffectError
            An older one does; it is looked for again when its age is over.
        """
        routing = self.deployments.current().routing
        if routing.revision < revision:
            raise RoutingNotInEffectError(
                f"Revision {routing.revision} serves, not {revision} yet. If it stays so, the "
                "function's log says why the new bundle cannot be loaded."
            )
        return {"revision": routing.revision}
