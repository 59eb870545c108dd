"""The HTTP API's routes, and who is let in."""

from mlops_platform.config.models import MODELS
from tests.infrastructure.assembly_reader import Assembly, flatten

ROUTE = "AWS::ApiGatewayV2::Route"


def test_every_model_has_its_literal_routes(dev: Assembly) -> None:
    routes = {route.properties["RouteKey"] for route in dev.of_type(ROUTE)}
    for model in MODELS:
        assert f"POST /ml/{model.name}/predict" in routes
        assert f"POST /ml/{model.name}/batch_predict" in routes
        assert f"GET /ml/{model.name}/health" in routes


def test_the_platform_s_routes_are_those_of_its_interface(dev: Assembly) -> None:
    routes = {route.properties["RouteKey"] for route in dev.of_type(ROUTE)}
    models = {key for key in routes if any(f"/ml/{model.name}/" in key for model in MODELS)}
    assert routes - models == {
        "GET /health",
        "GET /experiments",
        "GET /models",
        "GET /models/{model}",
        "GET /models/{model}/drift",
        "GET /models/{model}/performance",
        "GET /models/{model}/releases",
        "POST /models/{model}/promote/{stage}",
        "POST /models/{model}/rollback",
        "POST /ml/{model}/feedback",
        "ANY /ml/{model}/{action}",
    }


def test_what_became_of_predictions_is_asked_of_the_monitoring_function(dev: Assembly) -> None:
    routes = [
        route
        for route in dev.of_type(ROUTE)
        if route.properties["RouteKey"].endswith(("/drift", "/performance", "/feedback"))
    ]
    assert len(routes) == 3
    for route in routes:
        integration = dev.meant(route.stack, route.properties["Target"])
        assert integration is not None
        function = dev.meant(integration.stack, integration.properties["IntegrationUri"])
        assert function is not None
        assert function.properties["Description"] == "functions/answer_monitoring"


def test_every_route_but_health_asks_the_authorizer(every: Assembly) -> None:
    for route in every.of_type(ROUTE):
        expected = "NONE" if route.properties["RouteKey"] == "GET /health" else "CUSTOM"
        assert route.properties["AuthorizationType"] == expected, route


def test_a_cached_authorization_opens_no_other_route(every: Assembly) -> None:
    for authorizer in every.of_type("AWS::ApiGatewayV2::Authorizer"):
        assert authorizer.properties["IdentitySource"] == [
            "$request.header.x-api-key",
            "$context.routeKey",
        ]
        assert authorizer.properties["AuthorizerResultTtlInSeconds"] == 300
        assert authorizer.properties["EnableSimpleResponses"] is True


def test_calls_are_throttled_and_recorded_without_keys(every: Assembly) -> None:
    for stage in every.of_type("AWS::ApiGatewayV2::Stage"):
        assert stage.properties["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
        assert "x-api-key" not in stage.properties["AccessLogSettings"]["Format"]


def test_predictions_are_asked_of_the_live_alias(dev: Assembly) -> None:
    alias = dev.of_type("AWS::Lambda::Alias")
    assert [each.properties["Name"] for each in alias] == ["live"] * len(MODELS)
    integrations = [
        each.properties["IntegrationUri"] for each in dev.of_type("AWS::ApiGatewayV2::Integration")
    ]
    asked = {each.logical_id for each in alias if {"Ref": each.logical_id} in integrations}
    assert len(asked) == sum(model.host == "lambda" for model in MODELS)
    assert not any("Selfmate" in each for each in asked)


def test_prediction_records_reach_features_and_profiles(dev: Assembly) -> None:
    filters = dev.of_type("AWS::Logs::SubscriptionFilter")
    # CloudWatch Logs takes no third one of a log group.
    # The pods' records have a log group of their own.
    assert len(filters) == 1 + sum(1 + model.online_features for model in MODELS)
    destinations = {flatten(each.properties["DestinationArn"]) for each in filters}
    assert len(destinations) == 2
    for name in ("UpdateFeatures", "IngestPredictions"):
        assert [name in destination for destination in destinations].count(True) == 1
    for each in filters:
        assert each.properties["FilterPattern"] == '{ $.record = "prediction" }'
    subscribers = [
        function
        for function in dev.of_type("AWS::Lambda::Function")
        if function.properties["Description"]
        in {"functions/update_features", "functions/ingest_predictions"}
    ]
    assert all(function.properties["DeadLetterConfig"] for function in subscribers)


def test_messages_wait_longer_than_their_function_takes_and_then_in_dead_letters(
    dev: Assembly,
) -> None:
    mappings = dev.of_type("AWS::Lambda::EventSourceMapping")
    functions = [dev.referred(each, each.properties["FunctionName"]) for each in mappings]
    assert {function.properties["Description"] for function in functions} == {
        "functions/join_feedback",
        "functions/send_alert",
    }
    for mapping, function in zip(mappings, functions, strict=True):
        assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        queue = dev.referred(mapping, mapping.properties["EventSourceArn"])
        assert queue.properties["VisibilityTimeout"] >= 6 * function.properties["Timeout"]
        assert queue.properties["RedrivePolicy"]["maxReceiveCount"] > 1
