"""The HTTP API: routes, who may call them, how often, and a record of every call."""

import json

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.environments import Environment
from cdk.stacks.network import Network
from mlops_platform.config.model_config import ModelConfig

_GET, _POST, _ANY = (
    apigateway.HttpMethod.GET,
    apigateway.HttpMethod.POST,
    apigateway.HttpMethod.ANY,
)
# Method and path of what `answer_api` answers; `{…}` are path parameters.
_PLATFORM_ROUTES = (
    (_GET, "/experiments"),
    (_GET, "/models"),
    (_GET, "/models/{model}"),
    (_GET, "/models/{model}/releases"),
    (_POST, "/models/{model}/promote/{stage}"),
    (_POST, "/models/{model}/rollback"),
    # A literal route wins over this one, so what arrives here is a model that does not exist.
    (_ANY, "/ml/{model}/{action}"),
)
# Method and path of what `answer_monitoring` answers.
_MONITORING_ROUTES = (
    (_GET, "/models/{model}/performance"),
    (_GET, "/models/{model}/drift"),
    (_POST, "/ml/{model}/feedback"),
)
_MODEL_ROUTES = ((_POST, "predict"), (_POST, "batch_predict"), (_GET, "health"))
# Who called what, and how it went; no key, no body.
_ACCESS_LOG = {
    name: f"$context.{variable}"
    for name, variable in {
        "request_id": "requestId",
        "time": "requestTime",
        "source_ip": "identity.sourceIp",
        "route": "routeKey",
        "status": "status",
        "response_bytes": "responseLength",
        "latency_ms": "responseLatency",
        "integration_ms": "integrationLatency",
        "caller": "authorizer.key_name",
        "error": "error.message",
    }.items()
}


class HttpApi(Construct):
    """The platform's front door.

    Parameters
    ----------
    authorizer
        Decides by API key and route; its answers are kept for 300 s.
    platform, monitoring
        Answers everything that is not a prediction; takes and tells what became of predictions.

    Attributes
    ----------
    api : apigateway.HttpApi
    url : str
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        authorizer: lambda_.IFunction,
        platform: lambda_.IFunction,
        monitoring: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            description="Predictions and releases",
            create_default_stage=False,
            default_authorizer=authorizers.HttpLambdaAuthorizer(
                "ByApiKey",
                authorizer,
                response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
                # The route is part of the question: a cached answer must not open another route.
                identity_source=["$request.header.x-api-key", "$context.routeKey"],
                results_cache_ttl=Duration.seconds(300),
            ),
        )
        self._add_stage(environment)
        self._add_platform_routes(platform)
        watching = integrations.HttpLambdaIntegration("Monitoring", monitoring)
        for method, path in _MONITORING_ROUTES:
            self.api.add_routes(path=path, methods=[method], integration=watching)
        self.url = self.api.api_endpoint

    def add_model(self, model: ModelConfig, predict: lambda_.IFunction) -> None:
        """Route a model's literal paths to the function that serves it."""
        self._add_model_routes(
            model, integrations.HttpLambdaIntegration(f"{model.construct_id}Predict", predict)
        )

    def add_pods(
        self,
        model: ModelConfig,
        listener: elbv2.IApplicationListener,
        balancer: elbv2.ApplicationLoadBalancer,
        network: Network,
    ) -> None:
        """Route a model's literal paths to the load balancer before its pods."""
        group = ec2.SecurityGroup(
            self, "LinkGroup", vpc=network.vpc, description="The HTTP API, within the VPC"
        )
        # In this stack, which knows both: the other one comes first.
        ec2.CfnSecurityGroupIngress(
            self,
            "BalancerFromLink",
            group_id=balancer.connections.security_groups[0].security_group_id,
            source_security_group_id=group.security_group_id,
            ip_protocol="tcp",
            from_port=80,
            to_port=80,
            description="The HTTP API",
        )
        link = apigateway.VpcLink(
            self, "Link", vpc=network.vpc, subnets=network.isolated, security_groups=[group]
        )
        self._add_model_routes(
            model,
            integrations.HttpAlbIntegration(f"{model.construct_id}Pods", listener, vpc_link=link),
        )

    def _add_model_routes(
        self, model: ModelConfig, integration: apigateway.HttpRouteIntegration
    ) -> None:
        for method, action in _MODEL_ROUTES:
            self.api.add_routes(
                path=f"/ml/{model.name}/{action}", methods=[method], integration=integration
            )

    def _add_platform_routes(self, platform: lambda_.IFunction) -> None:
        integration = integrations.HttpLambdaIntegration("Platform", platform)
        for method, path in _PLATFORM_ROUTES:
            self.api.add_routes(path=path, methods=[method], integration=integration)
        # Load balancers and uptime checks carry no key.
        self.api.add_routes(
            path="/health",
            methods=[_GET],
            integration=integration,
            authorizer=apigateway.HttpNoneAuthorizer(),
        )

    def _add_stage(self, environment: Environment) -> None:
        group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(
                rate_limit=environment.api_requests_per_second,
                burst_limit=environment.api_burst,
            ),
        )
        default = stage.node.default_child
        if not isinstance(default, apigateway.CfnStage):
            raise TypeError("An HTTP stage without its CloudFormation resource.")
        default.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(_ACCESS_LOG)
        )
