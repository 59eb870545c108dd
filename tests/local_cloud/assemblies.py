"""Writes small cloud assemblies by hand, in the layout of `cdk synth`."""

import hashlib
import json
from pathlib import Path
from typing import Any

_BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
_ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            ],
        }
    },
}


class Assembly:
    """A cloud assembly in the making: add assets and resources, then `write`."""

    def __init__(self, directory: Path, stack_name: str) -> None:
        self.directory = directory
        self.stack_name = stack_name
        self.resources: dict[str, dict[str, Any]] = {}
        self.outputs: dict[str, Any] = {}
        self._files: dict[str, Any] = {}
        self._images: dict[str, Any] = {}
        directory.mkdir(parents=True, exist_ok=True)

    def add_resource(
        self, logical_id: str, resource_type: str, properties: dict[str, Any] | None = None
    ) -> dict[str, str]:
        """Add a resource and return a `Ref` to it."""
        self.resources[logical_id] = {"Type": resource_type, "Properties": properties or {}}
        return {"Ref": logical_id}

    def add_output(self, key: str, value: Any) -> None:
        """Add a stack output."""
        self.outputs[key] = {"Value": value}

    def add_file_asset(self, files: dict[str, str | bytes]) -> dict[str, Any]:
        """Add a directory as a zip asset; return its place as `Code` or `Content` has it."""
        content = {
            name: text.encode() if isinstance(text, str) else text for name, text in files.items()
        }
        digest = hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()
        for name, text in content.items():
            path = self.directory / f"asset.{digest}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        self._files[digest] = {
            "source": {"path": f"asset.{digest}", "packaging": "zip"},
            "destinations": {"current": {"bucketName": _BUCKET, "objectKey": f"{digest}.zip"}},
        }
        return {"S3Bucket": {"Fn::Sub": _BUCKET}, "S3Key": f"{digest}.zip"}

    def add_template_asset(self, template: dict[str, Any]) -> dict[str, Any]:
        """Add a nested stack's template; return its `TemplateURL`."""
        text = json.dumps(template)
        digest = hashlib.sha256(text.encode()).hexdigest()
        name = f"{self.stack_name}{digest[:8]}.nested.template.json"
        (self.directory / name).write_text(text)
        self._files[digest] = {
            "source": {"path": name, "packaging": "file"},
            "destinations": {"current": {"bucketName": _BUCKET, "objectKey": f"{digest}.json"}},
        }
        return {
            "Fn::Sub": f"https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{_BUCKET}/{digest}.json"
        }

    def add_image_asset(self, directory: Path) -> dict[str, str]:
        """Add a docker image asset; return its URI as a template spells it."""
        digest = hashlib.sha256(str(directory).encode()).hexdigest()
        repository = "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}"
        self._images[digest] = {
            "source": {"directory": str(directory)},
            "destinations": {"current": {"repositoryName": repository, "imageTag": digest}},
        }
        registry = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
        return {"Fn::Sub": f"{registry}/{repository}:{digest}"}

    def add_function(self, logical_id: str, source: str, **properties: Any) -> dict[str, list[str]]:
        """Add a function with `source` as its `index.py`; return a `GetAtt` to its ARN."""
        self.resources["FunctionRole"] = _ROLE
        self.add_resource(
            logical_id,
            "AWS::Lambda::Function",
            {
                "Code": self.add_file_asset({"index.py": source}),
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
                "Timeout": 10,
                **properties,
            },
        )
        return {"Fn::GetAtt": [logical_id, "Arn"]}

    def write(self) -> Path:
        """Write manifest, template and asset manifest; return the assembly's directory."""
        name = self.stack_name
        template = {"Resources": self.resources, "Outputs": self.outputs}
        (self.directory / f"{name}.template.json").write_text(json.dumps(template))
        assets = {"version": "48.0.0", "files": self._files, "dockerImages": self._images}
        (self.directory / f"{name}.assets.json").write_text(json.dumps(assets))
        artifact = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.template.json", "stackName": name},
        }
        manifest = {"version": "48.0.0", "artifacts": {name: artifact}}
        (self.directory / "manifest.json").write_text(json.dumps(manifest))
        return self.directory
