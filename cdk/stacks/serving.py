"""Serving: the HTTP API and the functions behind it."""

from aws_cdk import CfnOutput
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.constructs.batch_scoring import BatchScoring
from cdk.constructs.dead_letters import DeadLetters
from cdk.constructs.http_api import HttpApi
from cdk.constructs.layer_set import LayerSet
from cdk.constructs.model_service import ModelService
from cdk.constructs.published_value import PublishedValue
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.monitoring import Monitoring
from cdk.stacks.network import Network
from cdk.stacks.platform_stack import PlatformStack
from cdk.stacks.selfmate import SelfMate
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import (
    AnswerApiSettings,
    AuthorizeRequestSettings,
    UpdateFeaturesSettings,
)
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.models import MODELS, model_named


class Serving(PlatformStack):
    """What answers requests.

    Attributes
    ----------
    http : HttpApi
    services : dict of str to ModelService
        By model name.
    update_features : PythonFunction
    batch_scoring : BatchScoring
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        network: Network,
        storage: Storage,
        monitoring: Monitoring,
        selfmate: SelfMate,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id, environment=environment)
        self._environment = environment
        self._network = network
        self._selfmate = selfmate
        self._storage = storage
        self._monitoring = monitoring
        self._layers = LayerSet(self, "Layers")
        self.http = HttpApi(
            self,
            "Http",
            environment=environment,
            authorizer=self._authorize_request(),
            platform=self._answer_api(network, tracking_uri),
            monitoring=monitoring.answer_monitoring,
        )
        self.update_features = self._update_features()
        self.services = {model.name: self._service(model.name) for model in MODELS}
        self.batch_scoring = BatchScoring(
            self, "BatchScoring", environment=environment, layers=self._layers, storage=storage
        )
        PublishedValue(
            self,
            "PublishedBatchScoring",
            environment=environment,
            key="batch_scoring_state_machine_arn",
            value=self.batch_scoring.machine.state_machine_arn,
        )
        PublishedValue(
            self, "PublishedApiUrl", environment=environment, key="api_url", value=self.http.url
        )
        CfnOutput(self, "ApiUrl", value=self.http.url, description="The HTTP API")

    def _service(self, name: str) -> ModelService:
        model = model_named(name)
        service = ModelService(
            self,
            model.construct_id,
            model=model,
            environment=self._environment,
            storage=self._storage,
            layers=self._layers,
        )
        # CloudWatch allows a log group two subscribers; these are both of them.
        if model.online_features:
            service.send_records_to("Records", self.update_features)
        service.send_records_to("Capture", self._monitoring.ingest_predictions)
        PublishedValue(
            self,
            f"PublishedLogGroup{model.construct_id}",
            environment=self._environment,
            key=f"prediction_log_group/{model.name}",
            value=self._route(model, service).log_group_name,
        )
        return service

    def _route(self, model: ModelConfig, service: ModelService) -> logs.ILogGroup:
        """Lead the API to what serves the model; return where that writes its records."""
        if model.host == "lambda":
            self.http.add_model(model, service.live)
            return service.function.records
        self.http.add_pods(model, self._selfmate.listener, self._selfmate.balancer, self._network)
        return self._selfmate.records

    def _authorize_request(self) -> PythonFunction:
        function = PythonFunction(
            self,
            "AuthorizeRequest",
            source="authorize_request",
            settings=AuthorizeRequestSettings(api_key_table=self._storage.api_keys.table_name),
            environment=self._environment,
            layers=self._layers,
            # It runs before every request that is not cached.
            memory_mb=1024,
            timeout_seconds=10,
        )
        self._storage.api_keys.grant_read_data(function)
        return function

    def _answer_api(self, network: Network, tracking_uri: str) -> PythonFunction:
        function = PythonFunction(
            self,
            "AnswerApi",
            source="answer_api",
            settings=AnswerApiSettings(
                tracking_uri=tracking_uri,
                ledger_table=self._storage.ledger.table_name,
                routing_table=self._storage.routing.table_name,
            ),
            environment=self._environment,
            layers=self._layers,
            timeout_seconds=29,
            network=network,
        )
        self._storage.ledger.grant_append(function)
        self._storage.routing.grant_read_write_data(function)
        return function

    def _update_features(self) -> PythonFunction:
        dead_letters = DeadLetters(
            self, "LostRecords", environment=self._environment, source="update_features"
        )
        function = PythonFunction(
            self,
            "UpdateFeatures",
            source="update_features",
            settings=UpdateFeaturesSettings(feature_table=self._storage.online_features.table_name),
            environment=self._environment,
            layers=self._layers,
            timeout_seconds=60,
            dead_letters=dead_letters.queue,
        )
        dead_letters.publish(function)
        self._storage.online_features.grant_read_write_data(function)
        return function
