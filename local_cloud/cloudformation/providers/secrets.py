"""Secrets, their attachment to databases, encryption keys, parameters."""

import json
import secrets
import string
from typing import Any

from local_cloud.clients import client
from local_cloud.cloudformation.operation import Operation
from local_cloud.cloudformation.properties import Properties
from local_cloud.cloudformation.registry import (
    Created,
    CreateRequest,
    Provider,
    UnsupportedPropertyError,
    register,
)

_DEFAULT_PASSWORD_LENGTH = 32
_PUNCTUATION = "!#$%&()*+,-./:;<=>?[]^_{|}~"

_SECRET = Properties(
    reads={
        "SecretString",
        *(
            f"GenerateSecretString.{option}"
            for option in (
                "ExcludeCharacters",
                "ExcludeLowercase",
                "ExcludeNumbers",
                "ExcludePunctuation",
                "ExcludeUppercase",
                "GenerateStringKey",
                "PasswordLength",
                "SecretStringTemplate",
            )
        ),
    },
    ignores={
        "Description",
        "GenerateSecretString.RequireEachIncludedType",
        "KmsKeyId",
        "Tags",
    },
)


def install() -> None:
    """Register secrets, keys and parameters."""
    register(
        Provider(
            "AWS::SecretsManager::Secret",
            create=_create_secret,
            delete=_delete_secret,
            name_property="Name",
            properties=_SECRET,
        )
    )
    register(
        Provider(
            "AWS::SecretsManager::SecretTargetAttachment",
            create=_attach_target,
            properties=Properties(reads={"SecretId", "TargetId", "TargetType"}),
        )
    )
    register(
        Provider(
            "AWS::SSM::Parameter",
            create=_put_parameter,
            name_property="Name",
            properties=Properties(reads={"Type", "Value"}, ignores={"Description", "Tags", "Tier"}),
        )
    )
    register(Provider("AWS::KMS::Key", create=_create_key, metadata_only=True))
    register(_KEY_ALIAS.provider("AWS::KMS::Alias"))


def _create_secret(request: CreateRequest) -> Created:
    properties = request.properties
    generate = properties.get("GenerateSecretString")
    value = properties.get("SecretString", "{}") if generate is None else _generate(generate)
    answer = client("secretsmanager").create_secret(Name=request.physical_name, SecretString=value)
    return Created(answer["ARN"], {"Id": answer["ARN"], "Arn": answer["ARN"]})


def _generate(options: dict[str, Any]) -> str:
    """Return a password, or the template document with a password in it."""
    alphabet = _password_alphabet(options)
    length = int(options.get("PasswordLength", _DEFAULT_PASSWORD_LENGTH))
    password = "".join(secrets.choice(alphabet) for _ in range(length))
    template = options.get("SecretStringTemplate")
    if not template:
        return password
    return json.dumps({**json.loads(template), options["GenerateStringKey"]: password})


def _password_alphabet(options: dict[str, Any]) -> str:
    groups = {
        "ExcludeLowercase": string.ascii_lowercase,
        "ExcludeUppercase": string.ascii_uppercase,
        "ExcludeNumbers": string.digits,
        "ExcludePunctuation": _PUNCTUATION,
    }
    letters = "".join(
        group for option, group in groups.items() if str(options.get(option)).lower() != "true"
    )
    excluded = set(options.get("ExcludeCharacters", ""))
    return "".join(letter for letter in letters if letter not in excluded)


def _delete_secret(created: Created, _: str) -> None:
    client("secretsmanager").delete_secret(
        SecretId=created.physical_id, ForceDeleteWithoutRecovery=True
    )


def _attach_target(request: CreateRequest) -> Created:
    """Write the database's address into its secret, as the attachment does on AWS."""
    properties = request.properties
    if properties["TargetType"] != "AWS::RDS::DBInstance":
        raise UnsupportedPropertyError(
            f"Secrets attach to AWS::RDS::DBInstance here, not to {properties['TargetType']}."
        )
    manager = client("secretsmanager")
    secret_id = properties["SecretId"]
    value = json.loads(manager.get_secret_value(SecretId=secret_id)["SecretString"])
    value |= _database_address(properties["TargetId"])
    manager.put_secret_value(SecretId=secret_id, SecretString=json.dumps(value))
    return Created(secret_id, {"Id": secret_id})


def _database_address(identifier: str) -> dict[str, Any]:
    answer = client("rds").describe_db_instances(DBInstanceIdentifier=identifier)
    instance = answer["DBInstances"][0]
    return {
        "host": instance["Endpoint"]["Address"],
        "port": instance["Endpoint"]["Port"],
        "engine": instance["Engine"],
        "dbInstanceIdentifier": identifier,
        "dbname": instance.get("DBName"),
    }


def _put_parameter(request: CreateRequest) -> Created:
    properties = request.properties
    client("ssm").put_parameter(
        Name=request.physical_name, Value=str(properties["Value"]), Type=properties["Type"]
    )
    attributes = {"Value": properties["Value"], "Type": properties["Type"]}
    return Created(request.physical_name, attributes)


def _create_key(request: CreateRequest) -> Created:
    """Create a key; moto's own model trips over tags, which KMS alone spells TagKey, TagValue."""
    properties = request.properties
    tags = properties.get("Tags", [])
    answer = client("kms").create_key(
        Policy=json.dumps(properties["KeyPolicy"]),
        Description=properties.get("Description", ""),
        Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags],
    )
    key = answer["KeyMetadata"]
    return Created(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


_KEY_ALIAS = Operation("kms", "create_alias", physical_id="AliasName", metadata_only=True)
