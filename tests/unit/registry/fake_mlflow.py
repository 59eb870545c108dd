"""MLflow's model registry in memory; `test_model_registry` holds it against a real server."""

import json
from typing import Any
from urllib.parse import parse_qsl

from mlops_platform.registry.mlflow_rest import MlflowRefusalError, MlflowRest

MISSING, EXISTS = "RESOURCE_DOES_NOT_EXIST", "RESOURCE_ALREADY_EXISTS"


class FakeMlflow(MlflowRest):
    def __init__(self) -> None:
        super().__init__("http://fake")
        self.models: dict[str, dict[str, str]] = {}
        self.entries: list[dict[str, Any]] = []
        self.available = True

    def check_health(self) -> None:
        if not self.available:
            super().check_health()

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        path, _, query = path.partition("?")
        name = f"{method} {path}".lower().replace("-", "_").replace("/", "_").replace(" ", "_")
        # Through JSON, so that nothing is shared that a network would copy.
        request = json.loads(json.dumps(body)) if body is not None else dict(parse_qsl(query))
        answer = getattr(self, f"_{name}")(**request)
        return dict(json.loads(json.dumps(answer)))

    def _require(self, name: str) -> dict[str, str]:
        if name not in self.models:
            raise MlflowRefusalError(MISSING, f"Registered Model with name={name} not found")
        return self.models[name]

    def _entry(self, name: str, version: str) -> dict[str, Any]:
        for entry in self.entries:
            if (entry["name"], entry["version"]) == (name, version) and not entry["deleted"]:
                return entry
        raise MlflowRefusalError(MISSING, f"Model Version (name={name}, version={version})")

    def _post_registered_models_create(self, name: str) -> dict[str, Any]:
        if name in self.models:
            raise MlflowRefusalError(EXISTS, name)
        self.models[name] = {}
        return {}

    def _get_registered_models_get(self, name: str) -> dict[str, Any]:
        aliases = [{"alias": a, "version": v} for a, v in self._require(name).items()]
        return {"registered_model": {"name": name, **({"aliases": aliases} if aliases else {})}}

    def _post_registered_models_alias(self, name: str, alias: str, version: str) -> dict[str, Any]:
        self._entry(name, version)
        self._require(name)[alias] = version
        return {}

    def _delete_registered_models_alias(self, name: str, alias: str) -> dict[str, Any]:
        self._require(name).pop(alias, None)
        return {}

    def _post_model_versions_create(
        self, name: str, source: str, run_id: str, tags: list[dict[str, str]]
    ) -> dict[str, Any]:
        self._require(name)
        number = 1 + sum(entry["name"] == name for entry in self.entries)
        entry = {
            "name": name,
            "version": str(number),
            "source": source,
            "run_id": run_id,
            "creation_timestamp": 1_772_323_200_000 + number,
            "tags": tags,
            "deleted": False,
        }
        self.entries.append(entry)
        return {"model_version": entry}

    # The page's arguments are named by MLflow.
    def _get_model_versions_search(
        self,
        filter: str,  # noqa: A002
        max_results: str,
        page_token: str = "0",  # noqa: S107 - a position, not a password
    ) -> dict[str, Any]:
        conditions = dict(term.split("=") for term in filter.split(" and "))
        wanted = {key: value.strip("'") for key, value in conditions.items()}
        name = wanted.pop("name")
        tags = {key.removeprefix("tags."): value for key, value in wanted.items()}
        found = [
            entry
            for entry in reversed(self.entries)
            if entry["name"] == name
            and not entry["deleted"]
            and tags.items() <= {t["key"]: t["value"] for t in entry["tags"]}.items()
        ]
        first, last = int(page_token), int(page_token) + int(max_results)
        more = {"next_page_token": str(last)} if len(found) > last else {}
        return {"model_versions": found[first:last], **more}

    def _post_model_versions_set_tag(
        self, name: str, version: str, key: str, value: str
    ) -> dict[str, Any]:
        entry = self._entry(name, version)
        kept = [tag for tag in entry["tags"] if tag["key"] != key]
        entry["tags"] = [*kept, {"key": key, "value": value}]
        return {}

    def _delete_model_versions_delete(self, name: str, version: str) -> dict[str, Any]:
        self._entry(name, version)["deleted"] = True
        return {}

    def _get_experiments_search(self, max_results: str) -> dict[str, Any]:
        del max_results
        return {"experiments": [{"experiment_id": "0", "name": "Default"}]}

    def _post_runs_search(self, **_query: Any) -> dict[str, Any]:
        return {}
