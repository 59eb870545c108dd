"""The Lambda functions between the states of a training workflow."""

from constructs import Construct

from cdk.constructs.layer_set import LayerSet
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import (
    EvaluateCandidateSettings,
    MaterializeFeaturesSettings,
    RegisterModelSettings,
    ValidateDataSettings,
)

# One vCPU's worth of memory: Lambda gives CPU by memory, and these read whole tables.
_FULL_CORE_MB = 1769


class PipelineFunctions(Construct):
    """One function for each step; every model's workflow calls the same ones.

    Attributes
    ----------
    validate_data, evaluate_candidate, register_model, materialize_features
        The steps, named after their folders.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: LayerSet,
        network: Network,
        storage: Storage,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._layers = layers
        self._network = network
        self._storage = storage
        self.validate_data = self._validate_data()
        self.evaluate_candidate = self._evaluate_candidate()
        self.register_model = self._register_model(tracking_uri)
        self.materialize_features = self._materialize_features()

    def _validate_data(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "ValidateData",
            source="validate_data",
            settings=ValidateDataSettings(
                data_bucket=self._storage.data.bucket_name,
                routing_table=self._storage.routing.table_name,
                encoder_weights=self._environment.encoder_weights,
            ),
            environment=self._environment,
            layers=self._layers,
            libraries=["arrow"],
            memory_mb=2 * _FULL_CORE_MB,
            timeout_seconds=600,
            scratch_mb=4096,
        )
        self._storage.data.grant_read(function)
        self._storage.routing.grant_read_data(function)
        return function

    def _evaluate_candidate(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "EvaluateCandidate",
            source="evaluate_candidate",
            settings=EvaluateCandidateSettings(
                ledger_table=self._storage.ledger.table_name,
                routing_table=self._storage.routing.table_name,
            ),
            environment=self._environment,
            layers=self._layers,
            timeout_seconds=120,
            scratch_mb=1024,
        )
        self._storage.artifacts.grant_read(function, "training/*")
        self._grant_record(function)
        return function

    def _register_model(self, tracking_uri: str) -> PythonFunction:
        function = PythonFunction(
            self,
            "RegisterModel",
            source="register_model",
            settings=RegisterModelSettings(
                tracking_uri=tracking_uri,
                bundle_bucket=self._storage.bundles.bucket_name,
                ledger_table=self._storage.ledger.table_name,
                routing_table=self._storage.routing.table_name,
            ),
            environment=self._environment,
            layers=self._layers,
            memory_mb=1024,
            timeout_seconds=300,
            scratch_mb=1024,
            network=self._network,
        )
        self._storage.artifacts.grant_read(function, "training/*")
        # Bundles are addressed by their content: written once, never deleted by the pipeline.
        self._storage.bundles.grant_read(function)
        self._storage.bundles.grant_put(function)
        self._grant_record(function)
        return function

    def _materialize_features(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "MaterializeFeatures",
            source="materialize_features",
            settings=MaterializeFeaturesSettings(
                feature_table=self._storage.online_features.table_name
            ),
            environment=self._environment,
            layers=self._layers,
            memory_mb=_FULL_CORE_MB,
            timeout_seconds=900,
            scratch_mb=1024,
        )
        self._storage.artifacts.grant_read(function, "training/*")
        self._storage.online_features.grant_read_write_data(function)
        return function

    def _grant_record(self, function: PythonFunction) -> None:
        """Let a function write an entry, and repair a routing that contradicts the ledger."""
        self._storage.ledger.grant_append(function)
        self._storage.routing.grant_read_write_data(function)
