"""The Lambda functions between the states of the release workflow."""

from constructs import Construct

from cdk.constructs.layer_set import LayerSet
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import (
    FollowStagesSettings,
    PrepareReleaseSettings,
    ReleaseModelSettings,
    RollBackReleaseSettings,
)


class ReleaseFunctions(Construct):
    """One function for each step; only the last of them needs MLflow.

    Attributes
    ----------
    prepare_release, release_model, roll_back_release, follow_stages
        The steps, named after their folders.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._layers = LayerSet(self, "Layers")
        self._storage = storage
        self._tables = {
            "ledger_table": storage.ledger.table_name,
            "routing_table": storage.routing.table_name,
        }
        self.prepare_release = self._prepare_release()
        self.release_model = self._release_model()
        self.roll_back_release = self._roll_back_release()
        self.follow_stages = self._follow_stages(network, tracking_uri)

    def _prepare_release(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "PrepareRelease",
            source="prepare_release",
            settings=PrepareReleaseSettings(**self._tables),
            environment=self._environment,
            layers=self._layers,
        )
        self._storage.ledger.grant_read_data(function)
        self._storage.routing.grant_read_data(function)
        return function

    def _release_model(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "ReleaseModel",
            source="release_model",
            settings=ReleaseModelSettings(**self._tables),
            environment=self._environment,
            layers=self._layers,
        )
        self._grant_release(function)
        return function

    def _roll_back_release(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "RollBackRelease",
            source="roll_back_release",
            settings=RollBackReleaseSettings(**self._tables),
            environment=self._environment,
            layers=self._layers,
        )
        self._grant_release(function)
        return function

    def _follow_stages(self, network: Network, tracking_uri: str) -> PythonFunction:
        function = PythonFunction(
            self,
            "FollowStages",
            source="follow_stages",
            settings=FollowStagesSettings(tracking_uri=tracking_uri, **self._tables),
            environment=self._environment,
            layers=self._layers,
            timeout_seconds=180,
            network=network,
        )
        self._grant_release(function)
        return function

    def _grant_release(self, function: PythonFunction) -> None:
        """Let a function write an entry and the routing that it changes."""
        self._storage.ledger.grant_append(function)
        self._storage.routing.grant_read_write_data(function)
