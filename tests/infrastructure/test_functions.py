"""Every Lambda function: how it runs, what it knows, what it carries."""

import ast
import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from cdk.constructs.package_size import LIMIT_BYTES, check_package
from cdk.errors import PackageTooLargeError
from cdk.layers import ROOT
from mlops_platform.config import functions as settings_module
from mlops_platform.config import predict_settings
from mlops_platform.config.settings import Settings
from tests.infrastructure.assembly_reader import Assembly, Resource, flatten

FUNCTION = "AWS::Lambda::Function"


def source(function: Resource) -> str:
    return str(function.properties["Description"]).removeprefix("functions/")


def settings_of(function: Resource) -> type[Settings]:
    name = "".join(part.capitalize() for part in source(function).split("_")) + "Settings"
    found: type[Settings] = getattr(settings_module, name)
    return found


def variables(function: Resource) -> dict[str, Any]:
    found: dict[str, Any] = function.properties["Environment"]["Variables"]
    return found


def test_every_function_runs_python_3_13_on_x86_64(every: Assembly) -> None:
    for function in every.of_type(FUNCTION):
        assert function.properties["Runtime"] == "python3.13", function
        assert function.properties["Architectures"] == ["x86_64"], function


def test_every_function_has_a_log_group_with_a_retention(every: Assembly) -> None:
    for function in every.of_type(FUNCTION):
        group = every.referred(function, function.properties["LoggingConfig"]["LogGroup"])
        assert group.type == "AWS::Logs::LogGroup"
        assert group.properties["RetentionInDays"] > 0, function


def test_every_function_is_given_what_its_settings_read(every: Assembly) -> None:
    for function in every.of_type(FUNCTION):
        given = {name: flatten(value) for name, value in variables(function).items()}
        read = settings_of(function).from_environment(given)
        for field in dataclasses.fields(read):
            assert field.name.upper() in given, (function, field.name)


def test_every_settings_class_belongs_to_a_deployed_function(dev: Assembly) -> None:
    deployed = {settings_of(function) for function in dev.of_type(FUNCTION)}
    modules = {settings_module.__name__, predict_settings.__name__}
    written = {kind for kind in Settings.__subclasses__() if kind.__module__ in modules}
    assert deployed == written


def test_every_folder_of_functions_is_deployed(dev: Assembly) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert {source(function) for function in dev.of_type(FUNCTION)} == folders


def test_no_function_is_told_a_secret_by_its_environment(every: Assembly) -> None:
    suspicious = re.compile(r"PASSWORD|SECRET|TOKEN|CREDENTIAL|API_KEY$")
    for function in every.of_type(FUNCTION):
        assert not [name for name in variables(function) if suspicious.search(name)], function


def test_every_handler_string_resolves_in_its_asset(dev: Assembly) -> None:
    for function in dev.of_type(FUNCTION):
        module, _, name = function.properties["Handler"].rpartition(".")
        tree = ast.parse((dev.asset(function.properties["Code"]) / f"{module}.py").read_text())
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_functions_that_call_mlflow_stand_in_the_vpc_and_no_others(every: Assembly) -> None:
    for function in every.of_type(FUNCTION):
        assert ("VpcConfig" in function.properties) == ("TRACKING_URI" in variables(function)), (
            function
        )


def test_code_and_layers_of_every_function_unpack_to_less_than_250_mb(dev: Assembly) -> None:
    for function in dev.of_type(FUNCTION):
        layers = [dev.referred(function, each) for each in function.properties["Layers"]]
        parts = [function.properties["Code"], *(each.properties["Content"] for each in layers)]
        assert sum(size(dev.asset(part)) for part in parts) < LIMIT_BYTES, function


def test_no_asset_carries_compiled_python_of_another_interpreter(dev: Assembly) -> None:
    for function in dev.of_type(FUNCTION):
        assert not list(dev.asset(function.properties["Code"]).rglob("*.pyc"))
    for layer in dev.of_type("AWS::Lambda::LayerVersion"):
        assert not list(dev.asset(layer.properties["Content"]).rglob("*.pyc")), layer


def test_a_package_of_the_limit_is_refused_and_its_parts_are_named() -> None:
    assert check_package("predict", {"code": 1, "arrow": LIMIT_BYTES - 2}) == LIMIT_BYTES - 1
    with pytest.raises(PackageTooLargeError, match=r"predict unpacks to 250.0 MB.*arrow 250.0"):
        check_package("predict", {"code": 1, "arrow": LIMIT_BYTES - 1})


def size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
