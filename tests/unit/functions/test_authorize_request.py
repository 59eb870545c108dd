from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from mlops_platform.aws.clients import client
from mlops_platform.security import authorizer
from mlops_platform.security.api_keys import (
    create_api_key,
    find_api_key,
    hash_key,
    revoke_api_key,
)
from tests.unit.functions.handlers import load_handler

TABLE = "keys"


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "API_KEY_TABLE": TABLE,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    authorizer.settings.cache_clear()
    with mock_aws():
        client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "key_hash", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "key_hash", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client("dynamodb")
    client.cache_clear()
    authorizer.settings.cache_clear()


def authorize(key: str | None, method: str, path: str) -> dict[str, Any]:
    event = {
        "version": "2.0",
        "type": "REQUEST",
        "routeKey": f"{method} {path}",
        "headers": {} if key is None else {"x-api-key": key},
        "requestContext": {"http": {"method": method, "path": path}},
    }
    answer: dict[str, Any] = load_handler("authorize_request").handler(event, None)
    return answer


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("predict", "POST", "/ml/fraud_detection/predict"),
        ("predict", "GET", "/ml/fraud_detection/health"),
        ("read", "GET", "/models"),
        ("read", "GET", "/approvals"),
        ("operate", "POST", "/models/fraud_detection/promote/production"),
        ("operate", "POST", "/models/fraud_detection/rollback"),
        ("approve", "POST", "/approvals/7"),
    ],
)
def test_a_route_opens_to_its_own_scope_and_to_no_other(scope: str, method: str, path: str) -> None:
    others = {"predict", "read", "operate", "approve"} - {scope}
    right = create_api_key(TABLE, "right", [scope])
    wrong = create_api_key(TABLE, "wrong", others)

    allowed = authorize(right, method, path)

    assert allowed == {"isAuthorized": True, "context": {"key_name": "right", "scopes": scope}}
    assert authorize(wrong, method, path)["isAuthorized"] is False


@pytest.mark.parametrize("key", [None, "", "guess", "sm_" + "x" * 43, "ö" * 10, "a" * 10_000])
def test_what_is_no_key_opens_nothing(key: str | None) -> None:
    assert authorize(key, "GET", "/models") == {"isAuthorized": False, "context": {}}


def test_the_table_holds_no_key_that_could_be_used(table: Any) -> None:
    key = create_api_key(TABLE, "dashboard", ["read"])

    (item,) = table.scan(TableName=TABLE)["Items"]

    assert key not in str(item)
    assert item["key_hash"]["S"] == hash_key(key)
    assert find_api_key(table, TABLE, item["key_hash"]["S"]) is None


def test_keys_of_the_same_name_differ() -> None:
    assert create_api_key(TABLE, "ci", ["read"]) != create_api_key(TABLE, "ci", ["read"])


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("ci", []), ("ci", ["admin"])])
def test_a_key_needs_a_name_and_known_scopes(name: str, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match=r"scope|name"):
        create_api_key(TABLE, name, scopes)


def test_a_revoked_key_opens_nothing() -> None:
    key = create_api_key(TABLE, "ci", ["read"])
    revoke_api_key(TABLE, key)

    assert authorize(key, "GET", "/models")["isAuthorized"] is False
