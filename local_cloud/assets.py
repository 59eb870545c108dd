"""Publish a cloud assembly's assets: what `cdk-assets publish` does, into moto's S3."""

import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local_cloud.clients import client

_STACK_TYPE = "aws:cloudformation:stack"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclasses.dataclass(frozen=True)
class StackArtifact:
    """One stack of an assembly."""

    name: str
    template: Path


@dataclasses.dataclass(frozen=True)
class Placeholders:
    """The environment placeholders of an environment-agnostic assembly."""

    account_id: str
    region: str

    def resolve(self, text: str) -> str:
        """Replace pseudo parameters, in both of CDK's spellings."""
        for name, value in (
            ("AWS::AccountId", self.account_id),
            ("AWS::Region", self.region),
            ("AWS::Partition", "aws"),
            ("AWS::URLSuffix", "amazonaws.com"),
        ):
            text = text.replace(f"${{{name}}}", value)
        return text


def list_stacks(assembly: Path) -> list[StackArtifact]:
    """Return an assembly's stacks so that each comes after those it depends on."""
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    stacks = {key: entry for key, entry in artifacts.items() if entry["type"] == _STACK_TYPE}
    ordered: dict[str, StackArtifact] = {}

    def visit(key: str) -> None:
        for dependency in stacks[key].get("dependencies", []):
            if dependency in stacks and dependency not in ordered:
                visit(dependency)
        properties = stacks[key]["properties"]
        name = properties.get("stackName", key)
        ordered[key] = StackArtifact(name, assembly / properties["templateFile"])

    for key in stacks:
        if key not in ordered:
            visit(key)
    return list(ordered.values())


def publish_files(assembly: Path, placeholders: Placeholders) -> int:
    """Put every file asset into its bucket, making the bucket first; return how many."""
    published = 0
    for asset in _read_assets(assembly, "files"):
        content = _read_file_asset(assembly, asset["source"])
        for destination in asset["destinations"].values():
            bucket = placeholders.resolve(destination["bucketName"])
            _ensure_bucket(bucket)
            key = placeholders.resolve(destination["objectKey"])
            client("s3").put_object(Bucket=bucket, Key=key, Body=content)
            published += 1
    return published


def map_images(assembly: Path, placeholders: Placeholders) -> dict[str, Path]:
    """Map each docker image asset's URI, as templates spell it, to the asset's directory."""
    images = {}
    for asset in _read_assets(assembly, "dockerImages"):
        directory = (assembly / asset["source"]["directory"]).resolve()
        for destination in asset["destinations"].values():
            repository = placeholders.resolve(destination["repositoryName"])
            registry = f"{placeholders.account_id}.dkr.ecr.{placeholders.region}.amazonaws.com"
            tag = placeholders.resolve(destination["imageTag"])
            images[f"{registry}/{repository}:{tag}"] = directory
    return images


def zip_directory(directory: Path) -> bytes:
    """Zip a directory so that equal content gives equal bytes; stored, for speed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), _ZIP_EPOCH)
                entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
                archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _read_assets(assembly: Path, kind: str) -> list[dict[str, Any]]:
    manifests = sorted(assembly.rglob("*.assets.json"))
    documents = [json.loads(path.read_text()) for path in manifests]
    return [asset for document in documents for asset in document.get(kind, {}).values()]


def _read_file_asset(assembly: Path, source: dict[str, Any]) -> bytes:
    path: Path = assembly / source["path"]
    if source.get("packaging") == "zip" and path.is_dir():
        return zip_directory(path)
    return path.read_bytes()


def _ensure_bucket(name: str) -> None:
    s3 = client("s3")
    try:
        s3.head_bucket(Bucket=name)
    except ClientError:
        location = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=location)
