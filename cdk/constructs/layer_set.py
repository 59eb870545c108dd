"""The layers of one stack, each made when a function first asks for it."""

from pathlib import Path
from typing import Literal

from aws_cdk import AssetHashType
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.constructs.package_size import NOT_SHIPPED, unzipped_bytes
from cdk.layers import SOURCES, THIRD_PARTY, built_directory

LayerName = Literal["platform", "powertools", "onnx_runtime", "arrow", "tokenizers"]

_PURPOSES = {
    "platform": "Our library, as it stands in the repository",
    "powertools": "Logging, tracing, request parsing: aws-lambda-powertools, pydantic, orjson",
    "onnx_runtime": "What models are served with: onnxruntime, numpy",
    "arrow": "Reading Parquet: pyarrow",
    "tokenizers": "Text as SelfMate's encoder takes it: tokenizers",
}


class LayerSet(Construct):
    """Layer versions, shared by the functions of a stack but not between stacks.

    A stack that imports another's layer version could never let that one be replaced.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._versions: dict[str, lambda_.LayerVersion] = {}
        self._sizes: dict[str, int] = {}

    def version(self, name: LayerName) -> lambda_.LayerVersion:
        """Return one layer.

        Raises
        ------
        LayerNotBuiltError
            It is a third-party layer that has not been built.
        """
        if name not in self._versions:
            self._versions[name] = lambda_.LayerVersion(
                self,
                "".join(part.capitalize() for part in name.split("_")),
                description=_PURPOSES[name],
                code=_code(name),
                compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
                compatible_architectures=[lambda_.Architecture.X86_64],
            )
        return self._versions[name]

    def unzipped_bytes(self, name: LayerName) -> int:
        """Return the unzipped size of one layer, in bytes."""
        if name not in self._sizes:
            self._sizes[name] = unzipped_bytes(_directory(name))
        return self._sizes[name]


def _directory(name: LayerName) -> Path:
    return built_directory(name) if name in THIRD_PARTY else SOURCES / name


def _code(name: LayerName) -> lambda_.Code:
    directory = _directory(name)
    if name not in THIRD_PARTY:
        return lambda_.Code.from_asset(str(directory), exclude=list(NOT_SHIPPED))
    # The folder's name says all that its content depends on; hashing 130 MB would say no more.
    return lambda_.Code.from_asset(
        str(directory), asset_hash=directory.name, asset_hash_type=AssetHashType.CUSTOM
    )
