"""One model in service: the function that predicts, and the one that learns from what it saw."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as destinations
from constructs import Construct

from cdk.constructs.layer_set import LayerSet
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.predict_settings import PredictSettings

# API Gateway gives up after 30 s; a function that is slower than that answers nobody.
_TIMEOUT_SECONDS = 29


class ModelService(Construct):
    """A predict function behind its `live` alias.

    Parameters
    ----------
    model
        The model that this function serves.
    layers
        Where its layers come from.

    Attributes
    ----------
    function : PythonFunction
    live : lambda_.Alias
        What callers invoke; a deployment moves it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        model: ModelConfig,
        environment: Environment,
        storage: Storage,
        layers: LayerSet,
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = PythonFunction(
            self,
            "Predict",
            source="predict",
            settings=PredictSettings(
                model_name=model.name,
                routing_table=storage.routing.table_name,
                feature_table=storage.online_features.table_name,
            ),
            environment=environment,
            layers=layers,
            libraries=["onnx_runtime", *model.libraries],
            memory_mb=model.function_memory_mb,
            timeout_seconds=_TIMEOUT_SECONDS,
            # Two bundles at once: the next one is loaded beside the one that serves.
            scratch_mb=1024,
        )
        storage.routing.grant_read_data(self.function)
        if model.online_features:
            storage.online_features.grant_read_data(self.function)
        storage.bundles.grant_read(self.function, f"{model.name}/*")
        self.live = lambda_.Alias(
            self,
            "Live",
            alias_name="live",
            version=self.function.current_version,
            provisioned_concurrent_executions=environment.predict_provisioned_concurrency or None,
        )

    def send_records_to(self, construct_id: str, function: lambda_.IFunction) -> None:
        """Deliver the lines in which predictions are recorded to a function."""
        logs.SubscriptionFilter(
            self,
            construct_id,
            log_group=self.function.records,
            destination=destinations.LambdaDestination(function),
            filter_pattern=logs.FilterPattern.literal('{ $.record = "prediction" }'),
        )
