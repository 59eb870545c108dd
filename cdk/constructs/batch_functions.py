"""The functions that score files of rows in S3."""

from constructs import Construct

from cdk.constructs.layer_set import LayerSet
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.storage import Storage
from mlops_platform.config.data_folders import BATCH_INPUTS, BATCH_SCORES
from mlops_platform.config.functions import PlanBatchSettings, ScoreObjectSettings
from mlops_platform.config.models import MODELS

_FULL_CORE_MB = 1769
# Lambda's own limit.
_LONGEST_SECONDS = 900


class BatchFunctions(Construct):
    """Finds what is to be scored, and scores it.

    Attributes
    ----------
    plan_batch, score_object : PythonFunction
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: LayerSet,
        storage: Storage,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._layers = layers
        self._storage = storage
        self.plan_batch = self._plan_batch()
        self.score_object = self._score_object()

    def _plan_batch(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "PlanBatch",
            source="plan_batch",
            settings=PlanBatchSettings(data_bucket=self._storage.data.bucket_name),
            environment=self._environment,
            layers=self._layers,
            timeout_seconds=60,
        )
        self._storage.data.grant_read(function, f"{BATCH_INPUTS}*")
        return function

    def _score_object(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "ScoreObject",
            source="score_object",
            settings=ScoreObjectSettings(
                routing_table=self._storage.routing.table_name,
                feature_table=self._storage.online_features.table_name,
            ),
            environment=self._environment,
            layers=self._layers,
            libraries=[
                "onnx_runtime",
                *sorted({name for each in MODELS for name in each.libraries}),
            ],
            memory_mb=_FULL_CORE_MB,
            timeout_seconds=_LONGEST_SECONDS,
            scratch_mb=4096,
        )
        self._storage.data.grant_read(function, f"{BATCH_INPUTS}*")
        self._storage.data.grant_put(function, f"{BATCH_SCORES}*")
        self._storage.routing.grant_read_data(function)
        self._storage.online_features.grant_read_data(function)
        for model in MODELS:
            self._storage.bundles.grant_read(function, f"{model.name}/*")
        return function
